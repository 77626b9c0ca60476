package dev.modunest.settings;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Asks the process that listens on loopback at {@code MODUNEST_LISTEN_PORT} for {@code
 * /health/live}, for images that have neither shell nor HTTP client: exit code 0 for a 200, else 1
 * with one line on standard error. It speaks HTTP by hand because an HTTP client would take more
 * CPU than all else of the probe.
 */
public final class HealthProbe {

    private static final int DEFAULT_PORT = 8080;
    private static final int TIMEOUT_MILLIS = 2_000;
    private static final String REQUEST =
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /** {@code HTTP/1.1 200}, as far as a status line has to be read. */
    private static final int STATUS_LENGTH = 12;

    private HealthProbe() {}

    public static void main(String[] arguments) {
        try {
            String status = status(port(System.getenv()));
            if (!status.endsWith(" 200")) {
                throw new IOException("the answer begins with " + status);
            }
        } catch (IOException | NumberFormatException unhealthy) {
            System.err.println("not healthy: " + unhealthy.getMessage());
            System.exit(1);
        }
    }

    static int port(Map<String, String> environment) {
        String port = environment.get(Settings.ENVIRONMENT_PREFIX + "LISTEN_PORT");
        return port == null ? DEFAULT_PORT : Integer.parseInt(port);
    }

    /** The first {@value #STATUS_LENGTH} bytes of the answer, fewer when it ends before. */
    static String status(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            return new String(
                    socket.getInputStream().readNBytes(STATUS_LENGTH), StandardCharsets.US_ASCII);
        } catch (SocketTimeoutException silent) {
            throw new IOException("no answer within " + TIMEOUT_MILLIS + " ms", silent);
        }
    }
}
