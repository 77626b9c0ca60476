package dev.modunest.edge.listen;

import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.TcpOption;

import java.time.Duration;

/** The settings as Vert.x reads them. */
final class ServerConfig {

    private static final Duration RESET_WINDOW = Duration.ofSeconds(30);

    private ServerConfig() {}

    static HttpServerConfig of(ListenSettings settings) {
        HttpServerConfig config = new HttpServerConfig();
        config.setVersions(
                settings.http2().enabled()
                        ? new HttpVersion[] {
                            HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1, HttpVersion.HTTP_2
                        }
                        : new HttpVersion[] {HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1});
        config.setHttp1Config(
                new Http1ServerConfig()
                        .setMaxInitialLineLength((int) settings.maxRequestLine().bytes())
                        .setMaxHeaderSize((int) settings.maxHeaders().bytes()));
        config.setHttp2Config(http2(settings));
        config.getTcpConfig().setAcceptBacklog(settings.backlog());
        config.getTcpConfig()
                .getTransportConfig()
                .setSoReusePort(settings.reusePort())
                .setOption(TcpOption.NODELAY, true);
        return config;
    }

    private static Http2ServerConfig http2(ListenSettings settings) {
        Http2Bounds bounds = settings.http2();
        return new Http2ServerConfig()
                .setInitialSettings(
                        new Http2Settings()
                                .setMaxConcurrentStreams(bounds.maxStreams())
                                .setInitialWindowSize((int) bounds.window().bytes())
                                .setMaxHeaderListSize(settings.maxHeaders().bytes()))
                .setConnectionWindowSize((int) bounds.connectionWindow().bytes())
                .setRstFloodMaxRstFramePerWindow(bounds.maxResets())
                .setRstFloodWindowDuration(RESET_WINDOW)
                .setMaxSmallContinuationFrames(bounds.maxContinuations());
    }
}
