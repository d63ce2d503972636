#!/usr/bin/env bash
# One visit over HTTP, from booking to gate pass. Wants a sandbox at $url (default http://127.0.0.1:8000/v1), curl and python3.
set -euo pipefail

url=${url:-http://127.0.0.1:8000/v1}
here=$url/dealers/sh-pudong

value() { # of an answer on standard input: a Python expression over it
    python3 -c "import json, sys; it = json.load(sys.stdin); print($1)"
}

token() { # of one of the demo's logins
    curl -sS --fail-with-body "$url/tokens" -d grant_type=password -d username="sh-pudong.$1" -d password=showroom-2026 | value 'it["access_token"]'
}

ask() { # who, path
    curl -sS --fail-with-body "$here$2" -H "Authorization: Bearer ${!1}"
}

tell() { # who, path, body: each with a key of its own, and repeated under it for a while when the outcome is unknown
    local key
    key=$(python3 -c 'import uuid; print(uuid.uuid4())')
    curl -sS --fail-with-body --retry 5 --retry-max-time 60 "$here$2" -H "Authorization: Bearer ${!1}" \
         -H "Idempotency-Key: $key" -H "Content-Type: application/json" -d "${3:-{\}}"
}

until_true() { # expression, who, path: facts of another service follow within about a second
    for _ in $(seq 100); do
        if [ "$(ask "$2" "$3" 2>&1 | value "$1" 2>/dev/null)" = True ]; then return; fi
        sleep 0.2
    done
    echo "not within 20 s: $1 at $3" >&2
    return 1
}

agent=$(token agent) advisor=$(token advisor) foreman=$(token foreman) technician=$(token technician)
inspector=$(token inspector) clerk=$(token clerk) cashier=$(token cashier) manager=$(token manager)

# The customer calls, and comes.
customer=$(tell agent /customers '{"name": "Chen Jie", "phone": "+86 139 1111 2222"}' | value 'it["id"]')
vehicle=$(tell agent /vehicles '{"customer_id": "'"$customer"'", "vin": "LSVAA49J132047371", "plate": "沪B·88001",
    "make": "Volkswagen", "model": "Passat", "mileage": 31950}' | value 'it["id"]')
slot=$(ask agent '/slot-offers?service_type=maintenance' | value 'it["items"][0]["starts_at"]')
appointment=$(tell agent /appointments '{"customer_id": "'"$customer"'", "vehicle_id": "'"$vehicle"'", "channel": "phone",
    "service_type": "maintenance", "starts_at": "'"$slot"'"}' | value 'it["id"]')
tell agent "/appointments/$appointment/arrive" '{"bay": "R1"}' > /dev/null

# The order, the estimate, the customer's signature.
order=$(tell advisor /work-orders '{"appointment_id": "'"$appointment"'", "complaint": "Oil service", "mileage": 32110}' | value 'it["id"]')
tell advisor "/work-orders/$order/lines" '{"labour": [{"operation_code": "MNT-OIL", "payer": "customer_pay"}],
    "parts": [{"part_number": "OIL-5W30", "quantity": "4.5", "payer": "customer_pay"}]}' > /dev/null
estimate=$(tell advisor "/work-orders/$order/estimates" '{"payment_method": "wechat_pay", "old_parts": "return_to_customer",
    "free_wash": false}' | value 'it["estimate_version"]')
shown=$(ask advisor "/work-orders/$order/estimate" | value 'it["document_hash"]')
tell advisor "/work-orders/$order/approve-estimate" '{"estimate_version": '"$estimate"',
    "decision": {"means": "typed", "name": "Chen Jie", "document_hash": "'"$shown"'"}}' > /dev/null

# The work.
tell foreman "/work-orders/$order/dispatch" '{"technician": "sh-pudong.technician", "bay": "B1"}' > /dev/null
until_true 'bool(it["lines"]) and all(line["approved"] for line in it["lines"])' clerk "/work-orders/$order/reservation"
lines=$(ask clerk "/work-orders/$order/reservation" \
    | value 'json.dumps([{"line_id": line["line_id"], "quantity": line["reserved"]} for line in it["lines"]])')
tell clerk "/work-orders/$order/issues" '{"technician": "sh-pudong.technician", "signature": {"means": "typed", "name": "Li Qiang"}, "lines": '"$lines"'}' > /dev/null
labour=$(ask technician "/work-orders/$order" | value '[line["line_id"] for line in it["lines"] if line["kind"] == "labour"][0]')
tell technician "/work-orders/$order/lines/$labour/clock-on" > /dev/null
tell technician "/work-orders/$order/lines/$labour/clock-off" '{"done": true}' > /dev/null
tell technician "/work-orders/$order/request-quality-check" > /dev/null
tell inspector "/work-orders/$order/check-quality" '{"passed": true}' > /dev/null
tell inspector "/work-orders/$order/ready" > /dev/null
tell advisor "/work-orders/$order/pre-delivery-check" '{"old_parts_present": true, "clean": true, "no_tools_left": true,
    "spare_tyre_and_tools_checked": true}' > /dev/null
settlement=$(ask advisor "/work-orders/$order/settlement" | value 'it["document_hash"]')
tell advisor "/work-orders/$order/deliver" '{"mileage": 32112, "next_service_mileage": 42000,
    "signature": {"means": "typed", "name": "Chen Jie", "document_hash": "'"$settlement"'"}}' > /dev/null

# The money, and the gate.
until_true 'it["revision"] == 1' cashier "/work-orders/$order/account"
open=$(ask cashier "/work-orders/$order/account" | value 'json.dumps(it["shares"][0]["open"])')
tell cashier "/work-orders/$order/payments" '{"payment_method": "wechat_pay", "amount": '"$open"',
    "provider_reference": "WX-'"${order: -12}"'"}' > /dev/null
code=$(tell cashier "/work-orders/$order/gate-pass" | value 'it["code"]')
tell cashier /gate-passes/use '{"code": "'"$code"'"}' > /dev/null
until_true 'it["status"] == "closed"' advisor "/work-orders/$order"
echo "work order $(ask advisor "/work-orders/$order" | value 'it["number"]') is closed"
