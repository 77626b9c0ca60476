package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.settings.Settings;
import dev.modunest.settings.SettingsException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Pins every key and default: {@code docs/operations/cdn-edge.md} lists the same. */
final class EdgeConfigTest {

    @Test
    void everyKeyHasItsDefault() {
        assertThat(Settings.describe(read(Map.of())))
                .isEqualTo(
                        """
                        mode: registry
                        listen:
                          address: 127.0.0.1
                          port: 8081
                          plain: true
                          event_loops: 0
                          transport: auto
                          idle_timeout: 75s
                          header_timeout: 15s
                          body_timeout: 30s
                          min_body_rate: 1KiB
                          write_timeout: 1m
                          max_request_line: 8KiB
                          max_headers: 8KiB
                          backlog: 1024
                          max_connections: 16384
                          max_connections_per_address: 0
                          max_requests_per_connection: 100000
                          reuse_port: false
                          drain_delay: 0ms
                          drain_timeout: 30s
                          http2:
                            enabled: true
                            max_streams: 128
                            window: 64KiB
                            connection_window: 1MiB
                            max_resets: 200
                            max_continuations: 8
                            max_control_frames: 1000
                          tls:
                            port: 8443
                            engine: auto
                            min_version: tls1_2
                            reload_interval: 10s
                            strict_names: false
                        origin:
                          uris: [http://127.0.0.1:8080]
                          choice: least_loaded
                          max_servers: 64
                          connect_timeout: 2s
                          tls_timeout: 5s
                          first_byte_timeout: 15s
                          idle_timeout: 30s
                          exchange_timeout: 1h
                          keep_alive_timeout: 30s
                          pool_size: 128
                          queue_size: 1024
                          max_streams: 64
                          probe:
                            path: /health/live
                            interval: 5s
                            timeout: 2s
                            rise: 2
                            fall: 3
                          breaker:
                            failures: 5
                            open_for: 2s
                            open_max: 30s
                            trials: 1
                          retry:
                            attempts: 3
                            budget_percent: 20
                            budget_reserve: 10
                          hedge:
                            enabled: true
                            samples: 100
                            min: 10ms
                        discovery:
                          scheme: http
                          interval: 10s
                          timeout: 5s
                          dns:
                          kubernetes:
                            api: https://kubernetes.default.svc
                            account: /var/run/secrets/kubernetes.io/serviceaccount
                        memory:
                          size: 256MiB
                          max_object: 128KiB
                        disk:
                          directory: edge-cache
                          quota: 10GiB
                          max_object: 1GiB
                          max_open_files: 512
                        fill:
                          max_concurrent: 64
                          buffer: 256KiB
                          retry_after: 1s
                          max_names: 100000
                        responses:
                          heads: 32MiB
                          max_shared: 64KiB
                          negative_age: 1s
                          stale_if_gone: 7d
                          uncacheable_age: 10s
                          max_uncacheable: 10000
                        purge:
                          heartbeat_timeout: 15s
                          reconnect_min: 100ms
                          reconnect_max: 10s
                          max_event: 64KiB
                          max_plugins: 100000
                          max_refusals: 100000
                          max_recent: 16MiB
                        prefetch:
                          max_concurrent: 8
                          max_waiting: 100000
                          max_jobs: 100
                        downloads:
                          interval: 10s
                          retry_max: 1m
                          max_distinct: 20000
                          max_batches: 1000
                        access:
                          keys_refresh: 5m
                          keys_keep: 1d
                          keys_retry: 10s
                          max_verified: 10000
                        limits:
                          rate: 0
                          burst: 1000
                          max_clients: 100000
                          trusted_proxies: [127.0.0.1, ::1]
                        access_log:
                          enabled: false
                          hits_per_line: 1
                          queue_size: 8192
                        admin:
                          address: 127.0.0.1
                          port: 8082
                          idle_timeout: 30s
                          max_registered: 64
                          max_ttl: 5m
                          max_body: 4MiB
                          max_tasks: 16
                        logging:
                          format: auto
                        tracing:
                          enabled: false
                          endpoint: http://127.0.0.1:4318
                          one_in: 100
                          follow_parent: true
                          timeout: 10s
                          queue_size: 2048
                          interval: 5s
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        "ORIGIN_URIS,ftp://x",
        "ORIGIN_URIS,http://x/path",
        "ORIGIN_URIS,x",
        "ORIGIN_URIS,'http://a:1,http://A:1'",
        "ORIGIN_URIS,''",
        "ORIGIN_URI,http://a:1",
        "ORIGIN_CHOICE,random",
        "ORIGIN_MAX_SERVERS,0",
        "ORIGIN_TLS_TIMEOUT,0s",
        "ORIGIN_EXCHANGE_TIMEOUT,0s",
        "ORIGIN_PROBE_PATH,health",
        "ORIGIN_PROBE_INTERVAL,0s",
        "ORIGIN_PROBE_TIMEOUT,0s",
        "ORIGIN_PROBE_RISE,0",
        "ORIGIN_BREAKER_FAILURES,0",
        "ORIGIN_BREAKER_OPEN_FOR,1m",
        "ORIGIN_BREAKER_TRIALS,0",
        "ORIGIN_RETRY_ATTEMPTS,0",
        "ORIGIN_RETRY_BUDGET_PERCENT,101",
        "ORIGIN_RETRY_BUDGET_RESERVE,-1",
        "ORIGIN_HEDGE_SAMPLES,1000",
        "ORIGIN_HEDGE_MIN,0s",
        "DISCOVERY_INTERVAL,0s",
        "DISCOVERY_TIMEOUT,0s",
        "DISCOVERY_DNS_SRV,origin.example.org",
        "DISCOVERY_DNS_SERVER,nowhere",
        "DISCOVERY_KUBERNETES_SERVICE,../secrets",
        "DISCOVERY_KUBERNETES_NAMESPACE,A",
        "ADMIN_PORT,70000",
        "ADMIN_TOKEN,short",
        "ADMIN_IDLE_TIMEOUT,0s",
        "ADMIN_MAX_REGISTERED,0",
        "ADMIN_MAX_TTL,0s",
        "ADMIN_MAX_BODY,1GiB",
        "ADMIN_MAX_TASKS,0",
        "CDN_ID,'a, b'",
        "ORIGIN_POOL_SIZE,0",
        "ORIGIN_QUEUE_SIZE,0",
        "ORIGIN_MAX_STREAMS,0",
        "ORIGIN_CONNECT_TIMEOUT,0s",
        "LISTEN_PORT,70000",
        "LISTEN_EVENT_LOOPS,-1",
        "LISTEN_IDLE_TIMEOUT,0s",
        "LISTEN_MAX_HEADERS,2MiB",
        "LISTEN_BACKLOG,0",
        "LISTEN_PLAIN,false",
        "LISTEN_TRANSPORT,kqueue",
        "LISTEN_HEADER_TIMEOUT,0s",
        "LISTEN_BODY_TIMEOUT,0s",
        "LISTEN_WRITE_TIMEOUT,30d",
        "LISTEN_MAX_CONNECTIONS,0",
        "LISTEN_MAX_CONNECTIONS_PER_ADDRESS,-1",
        "LISTEN_MAX_REQUESTS_PER_CONNECTION,0",
        "LISTEN_DRAIN_DELAY,2d",
        "LISTEN_DRAIN_TIMEOUT,0s",
        "LISTEN_HTTP2_MAX_STREAMS,0",
        "LISTEN_HTTP2_WINDOW,2GiB",
        "LISTEN_HTTP2_CONNECTION_WINDOW,1KiB",
        "LISTEN_TLS_PORT,70000",
        "LISTEN_TLS_CERTIFICATE,only.pem",
        "LISTEN_TLS_RELOAD_INTERVAL,1ms",
        "LIMITS_RATE,-1",
        "LIMITS_BURST,0",
        "LIMITS_TRUSTED_PROXIES,10.0.0.0/33",
        "ACCESS_LOG_HITS_PER_LINE,0",
        "ACCESS_LOG_QUEUE_SIZE,0",
        "MEMORY_MAX_OBJECT,1GiB",
        "DISK_MAX_OPEN_FILES,0",
        "FILL_MAX_CONCURRENT,0",
        "FILL_BUFFER,0B",
        "FILL_MAX_NAMES,0",
        "RESPONSES_MAX_SHARED,1GiB",
        "PURGE_HEARTBEAT_TIMEOUT,1ms",
        "PURGE_RECONNECT_MIN,0s",
        "PURGE_RECONNECT_MAX,1ms",
        "PURGE_MAX_EVENT,1B",
        "PURGE_MAX_PLUGINS,0",
        "PURGE_MAX_REFUSALS,0",
        "PURGE_MAX_RECENT,2GiB",
        "PREFETCH_MAX_CONCURRENT,0",
        "PREFETCH_MAX_WAITING,0",
        "PREFETCH_MAX_JOBS,0",
        "DOWNLOADS_INTERVAL,1ms",
        "DOWNLOADS_RETRY_MAX,1s",
        "DOWNLOADS_MAX_DISTINCT,0",
        "DOWNLOADS_MAX_BATCHES,1",
        "ACCESS_TOKEN,short",
        "ACCESS_KEYS_REFRESH,5s",
        "ACCESS_KEYS_KEEP,1m",
        "ACCESS_KEYS_KEEP,31d",
        "ACCESS_KEYS_RETRY,0s",
        "ACCESS_MAX_VERIFIED,0",
    })
    void valueOutOfRangeIsRefused(String key, String value) {
        assertThatThrownBy(() -> read(Map.of("MODUNEST_" + key, value)))
                .isInstanceOf(SettingsException.class);
    }

    private static EdgeConfig read(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("MODUNEST_ORIGIN_URIS", "http://127.0.0.1:8080");
        environment.putAll(more);
        return Settings.read(EdgeConfig.class, Optional.empty(), environment);
    }
}
