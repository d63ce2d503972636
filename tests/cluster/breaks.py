"""What is made wrong, so that each check is seen to notice: one thing at a time, with what must be said of it."""

from tests.cluster import network, running, servers, settings
from tests.cluster.breaking import (
    Break,
    asks_the_broker,
    gone,
    in_its_container,
    more,
    nowhere_to_write,
    of_a_secret,
    of_crm,
    password_last,
    put,
    told,
)

CRM_SCALED = ("ScaledObject", "servicelane-crm")
BROKER = ("RabbitmqCluster", "servicelane-rabbitmq")
DATABASE = ("Cluster", "servicelane-postgres")
A_SECRET = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "servicelane-crm"}}
EVERYBODY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "all"},
    "spec": {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
        "ingress": [{"from": [{"podSelector": {}}], "ports": [{"port": 5432}]}],
        "egress": [{"to": [{"podSelector": {}}], "ports": [{"port": 5432}]}],
    },
}

BREAKS = (
    Break(settings.every_variable_is_read_and_none_is_missing, "nothing reads AMQP_URL", told("crm", "AMQP_URL", "amqp://h")),
    Break(
        settings.every_variable_is_read_and_none_is_missing, "nothing reads GATEWAY_URL", told("crm", "GATEWAY_URL", "http://h")
    ),
    Break(settings.every_variable_is_read_and_none_is_missing, "DATABASE_URL is not set", told("crm", "DATABASE_URL", None)),
    Break(settings.every_variable_is_read_and_none_is_missing, "GATEWAY_URL is not set", told("console", "GATEWAY_URL", None)),
    Break(
        settings.every_variable_is_read_and_none_is_missing,
        "ATTACHMENT_STORE is not set",
        told("gateway", "ATTACHMENT_STORE", None),
    ),
    Break(
        settings.every_variable_is_read_and_none_is_missing,
        "ATTACHMENT_S3_SECRET_KEY is not set",
        told("gateway", "ATTACHMENT_S3_SECRET_KEY", None),
    ),
    Break(settings.every_variable_is_read_and_none_is_missing, "JWT_SECRET", told("gateway", "JWT_SECRET", None)),
    Break(
        settings.every_variable_is_read_and_none_is_missing,
        "do not go together",
        told("migration", "MIGRATION_DATABASE_URL", None),
    ),
    Break(
        settings.every_variable_is_read_and_none_is_missing,
        "RABBITMQ_MANAGEMENT_URL",
        told("migration", "RABBITMQ_MANAGEMENT_URL", None),
    ),
    Break(settings.every_variable_is_read_and_none_is_missing, "stands nowhere before", password_last),
    Break(settings.every_variable_is_read_and_none_is_missing, "it would run parts", told("crm", "SERVICE", "parts")),
    Break(settings.the_job_prepares_what_the_processes_use, "there is no job", gone("Job", "servicelane-migration")),
    Break(settings.the_job_prepares_what_the_processes_use, "crm: the job prepares", told("crm", "DATABASE_URL", "sqlite:///x")),
    Break(settings.the_job_prepares_what_the_processes_use, "another password", of_a_secret("servicelane-parts")),
    Break(
        settings.the_job_prepares_what_the_processes_use,
        "does not prepare",
        put("Job", "servicelane-migration", "spec/template/spec/containers/0/command", ["sh", "-c", "servicelane migrate"]),
    ),
    Break(
        settings.the_job_prepares_what_the_processes_use,
        "stays for ever",
        put("Job", "servicelane-migration", "spec/ttlSecondsAfterFinished", None),
    ),
    Break(settings.no_secret_stands_in_a_manifest, "a secret is made", more(A_SECRET)),
    Break(
        settings.no_secret_stands_in_a_manifest, "AMQP_URI says its secret", told("crm", "AMQP_URI", "amqp://crm:swordfish@h/%2F")
    ),
    Break(settings.no_secret_stands_in_a_manifest, "JWT_SECRET says its secret", told("gateway", "JWT_SECRET", "x" * 32)),
    Break(settings.every_secret_is_written_down, "servicelane-loyalty with password", of_a_secret("servicelane-loyalty")),
    Break(settings.the_image_reads_what_it_is_told, "not one image", in_its_container("image", "registry.example/crm:1.0.0")),
    Break(settings.the_image_reads_what_it_is_told, "names no release", in_its_container("image", "registry.example/crm:latest")),
    Break(
        running.kubernetes_knows_every_field, "terminationGraceSeconds", of_crm("spec/template/spec/terminationGraceSeconds", 60)
    ),
    Break(
        running.kubernetes_knows_every_field, "is not known", put("Ingress", "servicelane", "apiVersion", "extensions/v1beta1")
    ),
    Break(running.every_process_is_there, "crm: there is no deployment", gone("Deployment", "servicelane-crm")),
    Break(running.every_process_is_there, "servicelane-loyalty is no process", of_crm("metadata/name", "servicelane-loyalty")),
    Break(running.every_process_is_there, "crm: it has no account", gone("ServiceAccount", "servicelane-crm")),
    Break(running.every_process_is_there, "crm: nodes are not emptied", gone("PodDisruptionBudget", "servicelane-crm")),
    Break(
        running.every_process_is_there,
        "crm: nodes are not emptied",
        put("PodDisruptionBudget", "servicelane-crm", "spec/selector/matchLabels", {"app.kubernetes.io/part-of": "servicelane"}),
    ),
    Break(
        running.every_process_is_there,
        "takes other pods",
        of_crm("spec/selector/matchLabels", {"app.kubernetes.io/part-of": "servicelane"}),
    ),
    Break(running.every_process_is_there, "gateway: no service leads", gone("Service", "servicelane-gateway")),
    Break(running.every_address_leads_somewhere, "PROBE_ADDRESS is", told("crm", "PROBE_ADDRESS", "0.0.0.0:9001")),
    Break(running.every_address_leads_somewhere, "PROBE_ADDRESS is", told("crm", "PROBE_ADDRESS", "127.0.0.1:9000")),
    Break(running.every_address_leads_somewhere, "HTTP_ADDRESS is", told("console", "HTTP_ADDRESS", "0.0.0.0:8081")),
    Break(
        running.every_address_leads_somewhere, "nobody is at gateway:8000", told("console", "GATEWAY_URL", "http://gateway:8000")
    ),
    Break(running.every_address_leads_somewhere, "nobody is at rabbitmq", told("crm", "AMQP_URI", "amqp://crm:p@rabbitmq/%2F")),
    Break(
        running.every_address_leads_somewhere,
        "nobody is at servicelane-postgres:",
        told("crm", "DATABASE_URL", "postgresql+psycopg2://crm:p@servicelane-postgres/crm"),
    ),
    Break(
        running.every_address_leads_somewhere,
        "leads nowhere",
        put("Ingress", "servicelane", "spec/rules/0/http/paths/0/backend/service/name", "servicelane-crm"),
    ),
    Break(running.every_address_leads_somewhere, "is open to be read", put("Ingress", "servicelane", "spec/tls", [])),
    Break(
        running.every_probe_asks_what_is_answered, "livenessProbe asks", in_its_container("livenessProbe/httpGet/path", "/health")
    ),
    Break(running.every_probe_asks_what_is_answered, "readinessProbe asks nothing", in_its_container("readinessProbe", None)),
    Break(running.every_probe_asks_what_is_answered, "no time", in_its_container("readinessProbe/timeoutSeconds", 1)),
    Break(
        running.every_probe_asks_what_is_answered,
        "killed before it has started",
        in_its_container("startupProbe/failureThreshold", 5),
    ),
    Break(
        running.every_process_may_drain, "killed before the 55 s", of_crm("spec/template/spec/terminationGracePeriodSeconds", 30)
    ),
    Break(running.every_process_may_drain, "it drains for 30.0 s", told("crm", "DRAIN_SECONDS", "30")),
    Break(running.every_process_may_drain, "still being asked", in_its_container("lifecycle", None)),
    Break(
        running.every_process_may_drain, "before another one is ready", of_crm("spec/strategy/rollingUpdate/maxUnavailable", 1)
    ),
    Break(
        running.nobody_may_do_what_it_need_not, "the image's user", of_crm("spec/template/spec/securityContext/runAsUser", 1000)
    ),
    Break(
        running.nobody_may_do_what_it_need_not,
        "a profile lets it",
        of_crm("spec/template/spec/securityContext/seccompProfile", None),
    ),
    Break(
        running.nobody_may_do_what_it_need_not,
        "nothing of its image",
        in_its_container("securityContext/readOnlyRootFilesystem", False),
    ),
    Break(running.nobody_may_do_what_it_need_not, "no capability", in_its_container("securityContext/capabilities", {})),
    Break(
        running.nobody_may_do_what_it_need_not, "no privilege", in_its_container("securityContext/allowPrivilegeEscalation", None)
    ),
    Break(running.nobody_may_do_what_it_need_not, "no token", of_crm("spec/template/spec/automountServiceAccountToken", True)),
    Break(running.nobody_may_do_what_it_need_not, "told of no services", of_crm("spec/template/spec/enableServiceLinks", None)),
    Break(running.nobody_may_do_what_it_need_not, "where it must", nowhere_to_write),
    Break(running.nobody_may_do_what_it_need_not, "has bounds", in_its_container("resources/limits", {})),
    Break(running.nobody_may_do_what_it_need_not, "has bounds", in_its_container("resources/requests/memory", "64Mi")),
    Break(running.replicas_are_spread, "all be on one node", of_crm("spec/template/spec/topologySpreadConstraints", [])),
    Break(
        running.replicas_are_spread,
        "together with others",
        of_crm(
            "spec/template/spec/topologySpreadConstraints/0/labelSelector/matchLabels",
            {"app.kubernetes.io/part-of": "servicelane"},
        ),
    ),
    Break(network.only_who_must_talk_talks, "console may ask servicelane-postgres at 5432, and need not", asks_the_broker),
    Break(
        network.only_who_must_talk_talks,
        "anyone may ask migration at 8000, and need not",
        gone("NetworkPolicy", "servicelane-nobody"),
    ),
    Break(
        network.only_who_must_talk_talks,
        "monitoring may ask gateway at 8000, and need not",
        put("NetworkPolicy", "servicelane-gateway", "spec/ingress/0/from/1/namespaceSelector", {}),
    ),
    Break(
        network.only_who_must_talk_talks, "crm may not ask servicelane-rabbitmq at 5672", gone("NetworkPolicy", "servicelane-bus")
    ),
    Break(network.only_who_must_talk_talks, "monitoring may not ask crm at 9000", gone("NetworkPolicy", "servicelane-metrics")),
    Break(network.only_who_must_talk_talks, "crm may not ask monitoring at 4318", gone("NetworkPolicy", "servicelane-traces")),
    Break(network.only_who_must_talk_talks, "gateway may not ask outside", gone("NetworkPolicy", "servicelane-storage")),
    Break(network.only_who_must_talk_talks, "may ask servicelane-postgres at 5432, and need not", more(EVERYBODY)),
    Break(
        servers.replicas_follow_what_waits,
        "needs an operator",
        more({"kind": "ScaledObject", "metadata": {"name": "x"}}),
        "small",
    ),
    Break(servers.replicas_follow_what_waits, "nobody says how many", gone(*CRM_SCALED)),
    Break(servers.replicas_follow_what_waits, "or two do", of_crm("spec/replicas", 2)),
    Break(
        servers.replicas_follow_what_waits,
        "crm.schedule_follow_up",
        put(*CRM_SCALED, "spec/triggers/1/metadata/queueName", r"^crm\.record_"),
    ),
    Break(
        servers.replicas_follow_what_waits, "crm.dead-letters", put(*CRM_SCALED, "spec/triggers/1/metadata/queueName", r"^crm\.")
    ),
    Break(
        servers.replicas_follow_what_waits,
        "workshop.",
        put(*CRM_SCALED, "spec/triggers/1/metadata/queueName", r"^[a-z]+\.[a-z_]+$"),
    ),
    Break(
        servers.replicas_follow_what_waits, "not at", put(*CRM_SCALED, "spec/triggers/1/metadata/host", "http://rabbitmq:15672/")
    ),
    Break(
        servers.replicas_follow_what_waits,
        "is not counted",
        put(*CRM_SCALED, "spec/triggers/1/metadata/excludeUnacknowledged", "true"),
    ),
    Break(servers.replicas_follow_what_waits, "is not counted", put(*CRM_SCALED, "spec/triggers/1/metadata/protocol", "amqp")),
    Break(
        servers.replicas_follow_what_waits, "not taken together", put(*CRM_SCALED, "spec/triggers/1/metadata/operation", "max")
    ),
    Break(servers.replicas_follow_what_waits, "nobody may look", gone("TriggerAuthentication", "servicelane-scaler")),
    Break(servers.replicas_follow_what_waits, "that it is busy", put("ScaledObject", "servicelane-console", "spec/triggers", [])),
    Break(servers.replicas_follow_what_waits, "alone, or gone", put(*CRM_SCALED, "spec/minReplicaCount", 0)),
    Break(servers.replicas_follow_what_waits, "has drained", put(*CRM_SCALED, "spec/cooldownPeriod", 30)),
    Break(
        servers.replicas_follow_what_waits,
        "has drained",
        put(*CRM_SCALED, "spec/advanced/horizontalPodAutoscalerConfig/behavior/scaleDown/stabilizationWindowSeconds", 10),
    ),
    Break(
        servers.the_database_has_a_connection_for_everybody,
        "400 there are",
        put(*DATABASE, "spec/postgresql/parameters/max_connections", "400"),
    ),
    Break(servers.servers_bear_a_loss, "not 3 of each", put(*BROKER, "spec/replicas", 1)),
    Break(servers.servers_bear_a_loss, "not 1 of each", put(*DATABASE, "spec/instances", 3), "small"),
    Break(servers.servers_bear_a_loss, "on one node alone", put(*BROKER, "spec/rabbitmq/additionalConfig", "")),
    Break(servers.servers_bear_a_loss, "does not sort", put(*DATABASE, "spec/bootstrap/initdb/locale", "en_GB.UTF-8")),
    Break(servers.servers_bear_a_loss, "cannot make databases", put(*DATABASE, "spec/enableSuperuserAccess", False)),
    Break(servers.servers_bear_a_loss, "two may be on one node", put(*BROKER, "spec/affinity", {"podAntiAffinity": {}})),
    Break(servers.servers_bear_a_loss, "asked to leave at once", gone("PodDisruptionBudget", "servicelane-rabbitmq")),
    Break(servers.servers_bear_a_loss, "one server alone", put(*DATABASE, "spec/postgresql/synchronous/number", 0)),
    Break(
        servers.servers_bear_a_loss, "one server alone", put(*DATABASE, "spec/postgresql/synchronous/dataDurability", "preferred")
    ),
    Break(servers.servers_bear_a_loss, "not backed up", gone("ScheduledBackup", "servicelane-postgres")),
    Break(
        servers.servers_bear_a_loss,
        "begin with seconds",
        put("ScheduledBackup", "servicelane-postgres", "spec/schedule", "30 1 * * *"),
    ),
    Break(
        servers.the_broker_takes_the_largest_message,
        "16777216 are taken",
        put(*BROKER, "spec/rabbitmq/additionalConfig", "default_queue_type = quorum"),
    ),
    Break(
        servers.the_broker_takes_the_largest_message,
        "20000000 are taken",
        put(*BROKER, "spec/rabbitmq/additionalConfig", "max_message_size = 20000000"),
    ),
    Break(
        servers.everybody_is_watched,
        "crm: nobody reads",
        put("Deployment", "servicelane-crm", "spec/template/metadata/labels/app.kubernetes.io~1component", None),
    ),
    Break(
        servers.everybody_is_watched,
        "nothing is measured",
        put("PodMonitor", "servicelane", "spec/podMetricsEndpoints/0/port", "metrics"),
    ),
    Break(servers.everybody_is_watched, "nobody is called", gone("PrometheusRule", "servicelane")),
    Break(servers.attachments_are_kept, "do not share", told("gateway", "ATTACHMENT_STORE", "/var/lib/servicelane/attachments")),
    Break(servers.attachments_are_kept, "goes with the pod", told("gateway", "ATTACHMENT_STORE", "/tmp/attachments"), "small"),
    Break(
        servers.nobody_is_named_who_is_no_door,
        "crm: a port for callers",
        in_its_container("ports", [{"name": "http", "containerPort": 8000}]),
    ),
)
