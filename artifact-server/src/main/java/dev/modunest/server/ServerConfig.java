package dev.modunest.server;

import dev.modunest.db.DatabaseConfig;
import dev.modunest.server.access.GrantsConfig;
import dev.modunest.server.account.AccountConfig;
import dev.modunest.server.admission.LimitsConfig;
import dev.modunest.server.announce.AnnounceConfig;
import dev.modunest.server.artifact.S3Config;
import dev.modunest.server.artifact.SweepConfig;
import dev.modunest.server.auth.AuthConfig;
import dev.modunest.server.auth.PrivateArtifactsConfig;
import dev.modunest.server.body.ChangeConfig;
import dev.modunest.server.catalog.SearchConfig;
import dev.modunest.server.connection.ConnectionConfig;
import dev.modunest.server.download.DownloadConfig;
import dev.modunest.server.download.DownloadsConfig;
import dev.modunest.server.freshness.FreshnessConfig;
import dev.modunest.server.health.HealthConfig;
import dev.modunest.server.housekeeping.HousekeepingConfig;
import dev.modunest.server.housekeeping.PartitionsConfig;
import dev.modunest.server.housekeeping.RetentionConfig;
import dev.modunest.server.idempotency.IdempotencyConfig;
import dev.modunest.server.lifecycle.DeleteConfig;
import dev.modunest.server.name.NamesConfig;
import dev.modunest.server.namespace.NamespacesConfig;
import dev.modunest.server.oidc.OidcConfig;
import dev.modunest.server.organization.OrganizationsConfig;
import dev.modunest.server.password.PasswordConfig;
import dev.modunest.server.problem.AccessLogConfig;
import dev.modunest.server.publish.PublishConfig;
import dev.modunest.server.publish.UploadConfig;
import dev.modunest.server.ranking.RankingConfig;
import dev.modunest.server.resolve.ResolveConfig;
import dev.modunest.server.serial.IndexCacheConfig;
import dev.modunest.server.serial.SerialConfig;
import dev.modunest.server.signin.SignInConfig;
import dev.modunest.server.statistics.StatisticsConfig;
import dev.modunest.server.token.TokenConfig;
import dev.modunest.server.transparency.LogConfig;
import dev.modunest.server.transparency.WitnessesConfig;
import dev.modunest.server.trust.TrustConfig;
import dev.modunest.server.trusted.TrustedConfig;
import dev.modunest.server.witness.WitnessConfig;
import dev.modunest.settings.Default;
import dev.modunest.telemetry.LoggingConfig;
import dev.modunest.telemetry.TracingConfig;

import java.nio.file.Path;

/**
 * Everything that can be set, {@code docs/operations/artifact-server.md}.
 *
 * @param adminTokenFile where the token of the first administrator is written
 */
public record ServerConfig(
        ListenConfig listen,
        ConnectionConfig connection,
        DatabaseConfig database,
        S3Config s3,
        UploadConfig upload,
        UploadConfig.Archive archive,
        PublishConfig publish,
        LimitsConfig limits,
        DownloadConfig download,
        DownloadsConfig downloads,
        SearchConfig search,
        RankingConfig ranking,
        ResolveConfig resolve,
        SerialConfig serial,
        IndexCacheConfig indexCache,
        ChangeConfig change,
        DeleteConfig delete,
        NamesConfig names,
        NamespacesConfig namespaces,
        GrantsConfig grants,
        OrganizationsConfig organizations,
        SweepConfig sweep,
        HealthConfig health,
        AuthConfig auth,
        PrivateArtifactsConfig privateArtifacts,
        TokenConfig tokens,
        AccountConfig account,
        SignInConfig signIn,
        OidcConfig oidc,
        PasswordConfig password,
        TrustedConfig trusted,
        LogConfig transparency,
        WitnessesConfig witnesses,
        WitnessConfig witness,
        FreshnessConfig freshness,
        TrustConfig trust,
        IdempotencyConfig idempotency,
        HousekeepingConfig housekeeping,
        PartitionsConfig partitions,
        RetentionConfig retention,
        StatisticsConfig statistics,
        AnnounceConfig announce,
        @Default("modunest-admin.token") Path adminTokenFile,
        AccessLogConfig accessLog,
        LoggingConfig logging,
        TracingConfig tracing) {

    /**
     * Where the server listens.
     *
     * @param port 0 takes a free one
     */
    public record ListenConfig(@Default("127.0.0.1") String address, @Default("8080") int port) {

        public ListenConfig {
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("port is 0 to 65535, not " + port);
            }
        }
    }

    public ServerConfig {
        if (sweep.age().compareTo(upload.maxDuration()) <= 0) {
            throw new IllegalArgumentException(
                    "sweep.age ("
                            + sweep.age()
                            + ") is more than upload.max_duration ("
                            + upload.maxDuration()
                            + "), or the sweeper removes uploads under way");
        }
        if (retention.idempotencyKeys().compareTo(idempotency.keep()) < 0) {
            throw new IllegalArgumentException(
                    "retention.idempotency_keys ("
                            + retention.idempotencyKeys()
                            + ") is at least idempotency.keep ("
                            + idempotency.keep()
                            + ")");
        }
        int needed = download.maxConcurrent() + upload.maxConcurrent() + publish.maxConcurrent();
        if (s3.maxConnections() < needed) {
            throw new IllegalArgumentException(
                    "s3.max_connections ("
                            + s3.maxConnections()
                            + ") is at least download.max_concurrent + upload.max_concurrent + publish.max_concurrent ("
                            + needed
                            + ")");
        }
    }
}
