package dev.modunest.edge.listen;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.net.JdkSSLEngineOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.SSLEngineOptions;

/** What encrypts. */
public enum TlsEngine {
    /** OpenSSL where its library can be loaded, else the JDK. */
    AUTO,
    OPENSSL,
    JDK;

    /**
     * The engine as Vert.x knows it.
     *
     * @throws IllegalArgumentException when this machine does not have it
     */
    SSLEngineOptions options() {
        return switch (this) {
            case AUTO -> OpenSsl.isAvailable() ? openssl() : new JdkSSLEngineOptions();
            case OPENSSL -> {
                if (!OpenSsl.isAvailable()) {
                    throw new IllegalArgumentException(
                            "listen.tls.engine is openssl, whose library cannot be loaded ("
                                    + OpenSsl.unavailabilityCause()
                                    + "): write auto");
                }
                yield openssl();
            }
            case JDK -> new JdkSSLEngineOptions();
        };
    }

    /** For the log and the metrics. */
    static String describe(SSLEngineOptions options) {
        return options instanceof OpenSSLEngineOptions ? OpenSsl.versionString() : "JDK";
    }

    private static SSLEngineOptions openssl() {
        return new OpenSSLEngineOptions().setSessionCacheEnabled(true);
    }
}
