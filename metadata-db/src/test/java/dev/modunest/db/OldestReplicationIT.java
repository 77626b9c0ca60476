package dev.modunest.db;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class OldestReplicationIT extends ReplicationContract {

    private static TestReplication replication;

    @BeforeAll
    static void start() {
        replication = TestReplication.of(TestPostgres.oldest());
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
