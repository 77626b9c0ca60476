package dev.modunest.db;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class OldestPostgresOutboxIT extends OutboxContract {

    private static TestPostgres server;

    @BeforeAll
    static void start() {
        server = TestPostgres.oldest();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    TestPostgres server() {
        return server;
    }
}
