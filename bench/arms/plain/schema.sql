-- The tables of the arms that are not ServiceLane: every database has all of them and fills its service's.
-- Names and columns that the invariants read are those of ServiceLane's tables, and rows are of comparable size.

CREATE TABLE outbox (
    position bigserial PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    dealer_id varchar(32),
    type varchar(80) NOT NULL,
    subject varchar(64) NOT NULL,
    sequence bigint NOT NULL,
    correlation_id uuid,
    time timestamptz NOT NULL,
    mandatory boolean NOT NULL,
    envelope text NOT NULL,
    sent_at timestamptz
);
CREATE INDEX outbox_pending ON outbox (position) WHERE sent_at IS NULL;
CREATE INDEX outbox_correlation ON outbox (correlation_id);
CREATE INDEX outbox_subject ON outbox (subject, sequence);
CREATE INDEX outbox_time ON outbox (time);

CREATE TABLE inbox (
    subscriber varchar(80),
    message_id varchar(64),
    done_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (subscriber, message_id)
);
CREATE INDEX inbox_done_at ON inbox (done_at);

CREATE TABLE idempotency (
    dealer_id varchar(32),
    principal varchar(64),
    key varchar(128),
    request_hash varchar(64),
    answer jsonb,
    created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (dealer_id, principal, key)
);
CREATE INDEX idempotency_created_at ON idempotency (created_at);

CREATE TABLE work_order (
    dealer_id varchar(32),
    id uuid,
    version bigint NOT NULL,
    visit_id uuid NOT NULL,
    number varchar(20) NOT NULL,
    status varchar(20) NOT NULL,
    customer jsonb NOT NULL,
    vehicle jsonb NOT NULL,
    plate varchar(16) NOT NULL,
    complaint varchar(1000) NOT NULL,
    advisor varchar(64) NOT NULL,
    opened_at timestamptz NOT NULL,
    mileage bigint,
    delivered_at timestamptz,
    revision bigint NOT NULL,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, number)
);
CREATE INDEX work_order_status ON work_order (dealer_id, status);
CREATE INDEX work_order_plate ON work_order (dealer_id, plate);

CREATE TABLE order_line (
    dealer_id varchar(32),
    id uuid,
    work_order_id uuid NOT NULL,
    number bigint NOT NULL,
    kind varchar(10) NOT NULL,
    description varchar(200) NOT NULL,
    operation_code varchar(40),
    hours_units bigint,
    part_number varchar(40),
    quantity_units bigint,
    amount_minor bigint NOT NULL,
    shares jsonb NOT NULL,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, work_order_id, number),
    FOREIGN KEY (dealer_id, work_order_id) REFERENCES work_order
);

CREATE TABLE delivery (
    dealer_id varchar(32),
    id uuid,
    work_order_id uuid NOT NULL,
    revision bigint NOT NULL,
    settlement jsonb NOT NULL,
    reversed_at timestamptz,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, work_order_id, revision),
    FOREIGN KEY (dealer_id, work_order_id) REFERENCES work_order
);

CREATE TABLE number_series (
    dealer_id varchar(32),
    series varchar(3),
    year bigint,
    last bigint NOT NULL,
    PRIMARY KEY (dealer_id, series, year)
);

CREATE TABLE invoice (
    dealer_id varchar(32),
    id uuid,
    kind varchar(12) NOT NULL,
    series varchar(3) NOT NULL,
    year bigint NOT NULL,
    sequence_number bigint NOT NULL,
    number varchar(40) NOT NULL,
    work_order_id uuid NOT NULL,
    work_order_number varchar(20) NOT NULL,
    revision bigint NOT NULL,
    payer varchar(20) NOT NULL,
    customer jsonb NOT NULL,
    vehicle jsonb NOT NULL,
    issued_at timestamptz NOT NULL,
    currency varchar(3) NOT NULL,
    net_minor bigint NOT NULL,
    tax_minor bigint NOT NULL,
    total_minor bigint NOT NULL,
    document jsonb NOT NULL,
    credits uuid,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, work_order_id, payer, revision, kind),
    UNIQUE (dealer_id, series, year, sequence_number)
);
CREATE INDEX invoice_issued ON invoice (dealer_id, issued_at);

CREATE TABLE order_account (
    dealer_id varchar(32),
    id uuid,
    version bigint NOT NULL,
    work_order_number varchar(20) NOT NULL,
    customer_id uuid NOT NULL,
    currency varchar(3) NOT NULL,
    PRIMARY KEY (dealer_id, id)
);

CREATE TABLE share (
    dealer_id varchar(32),
    id uuid,
    account_id uuid NOT NULL,
    revision bigint NOT NULL,
    payer varchar(20) NOT NULL,
    invoice_id uuid NOT NULL,
    total_minor bigint NOT NULL,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, account_id, revision, payer),
    FOREIGN KEY (dealer_id, account_id) REFERENCES order_account
);

CREATE TABLE reservation (
    dealer_id varchar(32),
    id uuid,
    version bigint NOT NULL,
    work_order_id uuid NOT NULL,
    state varchar(12) NOT NULL,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, work_order_id)
);

CREATE TABLE reservation_line (
    dealer_id varchar(32),
    id uuid,
    reservation_id uuid NOT NULL,
    line_id uuid NOT NULL,
    number varchar(40) NOT NULL,
    wanted_units bigint NOT NULL,
    reserved_units bigint NOT NULL,
    issued_units bigint NOT NULL,
    PRIMARY KEY (dealer_id, id),
    FOREIGN KEY (dealer_id, reservation_id) REFERENCES reservation
);
CREATE INDEX reservation_line_reservation ON reservation_line (dealer_id, reservation_id);

CREATE TABLE stock_balance (
    dealer_id varchar(32),
    part_number varchar(40),
    location varchar(12),
    quantity_units bigint NOT NULL,
    reserved_units bigint NOT NULL,
    PRIMARY KEY (dealer_id, part_number, location)
);

CREATE TABLE stock_move (
    dealer_id varchar(32),
    id uuid,
    kind varchar(12) NOT NULL,
    part_number varchar(40) NOT NULL,
    quantity_units bigint NOT NULL CHECK (quantity_units > 0),
    from_location varchar(12) NOT NULL,
    to_location varchar(12) NOT NULL,
    document_id uuid NOT NULL,
    work_order_id uuid,
    line_id uuid,
    moved_at timestamptz NOT NULL,
    moved_by varchar(64) NOT NULL,
    PRIMARY KEY (dealer_id, id)
);
CREATE INDEX stock_move_part ON stock_move (dealer_id, part_number, id);
CREATE INDEX stock_move_work_order ON stock_move (dealer_id, work_order_id, id);

CREATE TABLE deduction (
    dealer_id varchar(32),
    id uuid,
    work_order_id uuid NOT NULL,
    revision bigint NOT NULL,
    lines jsonb NOT NULL,
    deducted_at timestamptz NOT NULL,
    undone_at timestamptz,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, work_order_id, revision)
);

CREATE TABLE follow_up (
    dealer_id varchar(32),
    id uuid,
    version bigint NOT NULL,
    state varchar(10) NOT NULL,
    work_order_id uuid NOT NULL,
    work_order_number varchar(20) NOT NULL,
    revision bigint NOT NULL,
    customer jsonb NOT NULL,
    vehicle jsonb NOT NULL,
    delivered_at timestamptz NOT NULL,
    planned_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    breach_at timestamptz NOT NULL,
    PRIMARY KEY (dealer_id, id),
    UNIQUE (dealer_id, work_order_id, revision)
);
CREATE INDEX follow_up_due ON follow_up (dealer_id, state, due_at);

CREATE TABLE mileage_reading (
    dealer_id varchar(32),
    id uuid,
    vehicle_id uuid NOT NULL,
    at timestamptz NOT NULL,
    mileage bigint NOT NULL,
    work_order_id uuid,
    PRIMARY KEY (dealer_id, id)
);
CREATE INDEX mileage_reading_vehicle ON mileage_reading (dealer_id, vehicle_id, at);
