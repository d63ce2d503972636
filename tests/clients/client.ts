// A client of ours in TypeScript's strictest settings, on the types that openapi-typescript wrote from the document.
// It is compiled, not run: what does not type-check here would not for an integrator either.
import createClient from "openapi-fetch";
import type { components, operations, paths } from "./servicelane";

type WorkOrder = components["schemas"]["WorkOrder"];
type Money = components["schemas"]["Money"];

const api = createClient<paths>({ baseUrl: "http://127.0.0.1:8000" });

// What has a default may be left out of a request...
const booking: components["schemas"]["BookAppointment"] = {
  customer_id: "0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d10",
  vehicle_id: "0195a3c0-7c1e-7b52-9d1b-3f8a5c2e4d11",
  channel: "phone",
  service_type: "maintenance",
  starts_at: "2026-03-02T04:00:00+00:00",
};

// ...and is always there in an answer.
function promised(order: WorkOrder): string | null {
  return order.promised_at;
}

function total(order: WorkOrder): Money {
  return order.total;
}

// @ts-expect-error a status that no order has
const nonsense: WorkOrder["status"] = "delivering";

// @ts-expect-error without the car's mileage nothing is delivered
const incomplete: components["schemas"]["DeliverWorkOrder"] = { signature: { means: "typed", name: "Wang" } };

export async function deliver(dealer: string, order: WorkOrder, shown: string): Promise<string> {
  const { data, error } = await api.POST("/v1/dealers/{dealer}/work-orders/{work_order_id}/deliver", {
    params: {
      path: { dealer, work_order_id: order.id },
      header: { "Idempotency-Key": "deliver-1", "If-Match": `"${order.version}"` },
    },
    body: { mileage: 32112, signature: { means: "typed", name: "Wang Fang", document_hash: shown } },
  });
  if (error !== undefined) {
    return `${error.code}: ${error.detail}`;
  }
  return `${data.number} ${data.status} ${total(data).amount} ${promised(data) ?? "not promised"}`;
}

export async function page(dealer: string, cursor?: string): Promise<string | null> {
  const query: operations["listInvoices"]["parameters"]["query"] = cursor === undefined ? { limit: 20 } : { limit: 20, cursor };
  const { data } = await api.GET("/v1/dealers/{dealer}/invoices", { params: { path: { dealer }, query } });
  return data?.next_cursor ?? null;
}

export { booking, incomplete, nonsense };
