"""The benchmark (`make bench`): ServiceLane beside a yardstick without any framework and beside two peers, on one machine.

    __main__    the command line
    line_up     which arms are compared with which
    pairs       two arms up at once, measured in turn; slices: what one of them delivers; estimates: how sure the ratio is
    scaling     cost over dealers and history, in rounds (`make scaling`)
    scale_out   one service with more replicas and fewer, while the others stay (`make scale-out`)
    soak        steady load with kills (`make soak`)
    console     the console's pages, and what 500 open boards do to the gateway (`python -m bench.console`)
    against     this checkout beside another one, slice by slice (`python -m bench --against DIR`)
    measuring   what every measurement begins and ends with
    cooperative the processes that run on eventlet

    arms/       what can be measured, and the clients
    data/       what is delivered, where it stands, and what must hold afterwards
    fleet/      the whole suite, twice over or with the console before it: its load, its browsers and what it takes
    report/     results, tables, charts, and the rules they are judged by

Everything runs on the loopback against the same PostgreSQL and the same RabbitMQ, with the same durability: fsync and
synchronous commit on, quorum queues, persistent messages, publisher confirms, mandatory where somebody subscribes.
"""
