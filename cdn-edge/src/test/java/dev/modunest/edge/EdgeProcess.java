package dev.modunest.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An edge in a JVM of its own, which {@link #close} kills. */
final class EdgeProcess implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("on port (\\d+)");

    private final Process process;
    private final URI uri;

    EdgeProcess(URI origin, Path directory, String... jvmOptions) throws IOException {
        this(origin, directory, Map.of(), jvmOptions);
    }

    /**
     * @param settings names of the environment and values
     */
    EdgeProcess(URI origin, Path directory, Map<String, String> settings, String... jvmOptions)
            throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED");
        builder.command().addAll(List.of(jvmOptions));
        builder.command()
                .addAll(
                        List.of(
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName()));
        builder.redirectErrorStream(true);
        builder.environment()
                .putAll(
                        Map.of(
                                "MODUNEST_ORIGIN_URIS",
                                origin.toString(),
                                "MODUNEST_LISTEN_ADDRESS",
                                "127.0.0.1",
                                "MODUNEST_LISTEN_PORT",
                                "0",
                                "MODUNEST_MEMORY_SIZE",
                                "16MiB",
                                "MODUNEST_DISK_DIRECTORY",
                                directory.toString()));
        builder.environment().putAll(settings);
        process = builder.start();
        uri = URI.create("http://127.0.0.1:" + port());
    }

    URI uri() {
        return uri;
    }

    /** Sends SIGTERM and gives the exit code. */
    int terminate() {
        process.destroy();
        return process.onExit().orTimeout(60, TimeUnit.SECONDS).join().exitValue();
    }

    InputStream get(String path) throws IOException {
        return uri.resolve(path).toURL().openStream();
    }

    private String port() throws IOException {
        BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            Matcher port = PORT.matcher(line);
            if (port.find()) {
                return port.group(1);
            }
        }
        throw new IOException("the edge did not start:\n" + said);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
