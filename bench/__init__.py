"""The benchmark (`make bench`): ServiceLane beside a yardstick without any framework and beside two peers, on one machine.

    __main__    the command line        harness   rounds of arms, one after the other
    arms        what can be measured    sandbox   virtual hosts and databases of this run
    watch       effects as they commit  invariants  what must hold afterwards
    plain/      the tables and the work of the arms that are not ServiceLane
    load        the clients             report    table, JSON, chart

    scaling     cost over dealers and history (`make scaling`); history copies orders, growth is its report
    soak        steady load with kills (`make soak`); fleet, visits and sampling do it, endurance is its report
    flatness    the rules both are judged by     figures   their results into docs/

Everything runs on the loopback against the same PostgreSQL and the same RabbitMQ, with the same durability: fsync and
synchronous commit on, quorum queues, persistent messages, publisher confirms, mandatory where somebody subscribes.
"""
