package dev.modunest.db;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class BundledReplicationIT extends ReplicationContract {

    private static TestReplication replication;

    @BeforeAll
    static void start() {
        replication = TestReplication.of(TestPostgres.bundled());
    }

    @AfterAll
    static void stop() {
        replication.close();
    }

    @Override
    TestReplication replication() {
        return replication;
    }
}
