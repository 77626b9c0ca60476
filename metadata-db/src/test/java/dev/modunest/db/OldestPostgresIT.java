package dev.modunest.db;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

class OldestPostgresIT extends StoresContract {

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

    @Nested
    class Identity extends IdentityContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Refresh extends RefreshContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Publishes extends PublishStoresContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Search extends SearchContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Partitions extends PartitionsContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Downloads extends DownloadsContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Ranking extends RankingContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Lifecycle extends LifecycleContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Outbox extends OutboxContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Bulk extends BulkContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Publishing extends PublishesContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Audit extends AuditContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class SignIn extends SignInContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Trust extends TrustContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Certificates extends CertificatesContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Freshness extends FreshnessContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }

    @Nested
    class Log extends LogContract {
        @Override
        TestPostgres server() {
            return server;
        }
    }
}
