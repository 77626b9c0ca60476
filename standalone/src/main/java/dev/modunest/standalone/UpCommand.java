package dev.modunest.standalone;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the registry and its edge until Ctrl-C, with data that stays.",
            "The first start makes an administrator's token, prints it once and keeps it in DIR/admin.token."
        },
        footer = {
            "",
            "Example: ./modunest up --data /srv/modunest",
            "Exit code: 0 after Ctrl-C or SIGTERM, 3 when it cannot start."
        })
final class UpCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where data is kept; default ~/.modunest.")
    private Path data = defaultData();

    @Option(
            names = "--address",
            paramLabel = "A",
            defaultValue = "127.0.0.1",
            description =
                    "Where registry and edge listen, 0.0.0.0 for every interface; default ${DEFAULT-VALUE}.")
    private InetAddress address = InetAddress.getLoopbackAddress();

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8080",
            description = "The registry's port, 0 for a free one; default ${DEFAULT-VALUE}.")
    private int port = 8080;

    @Option(
            names = "--edge-port",
            paramLabel = "P",
            defaultValue = "8081",
            description = "The edge's port, 0 for a free one; default ${DEFAULT-VALUE}.")
    private int edgePort = 8081;

    @Option(
            names = "--ready-file",
            paramLabel = "FILE",
            description =
                    "Written once everything answers: one JSON object with urls, ports, token path and pids.")
    private @Nullable Path readyFile;

    @Spec private CommandSpec spec;

    UpCommand() {}

    static Path defaultData() {
        return Path.of(System.getProperty("user.home"), ".modunest");
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (readyFile != null) {
            Files.deleteIfExists(readyFile);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintStream progress = ProgressStream.of(false);
        try (StopSignal stop = StopSignal.install()) {
            try (Platform platform =
                    Platform.start(
                            data, address, port, edgePort, System.getenv(), progress::println)) {
                announce(platform, out);
                stop.await();
                out.println("stopping");
                out.flush();
            }
            stop.succeeded();
        }
        return 0;
    }

    private void announce(Platform platform, PrintWriter out) throws IOException {
        out.println("registry  " + platform.origin());
        out.println("edge      " + platform.edge());
        out.println("data      " + platform.data());
        out.println("token     " + platform.tokenFile());
        out.println(
                "trust     "
                        + platform.trust()
                        + ", keys of a trial; verifiers take its trusted_root.json");
        out.println(
                "sign      ./modunest keygen; ./modunest cert request NAMESPACE --claim; then publish signs");
        if (platform.firstToken().isPresent()) {
            out.println();
            out.println(
                    "The administrator's token, shown this once: " + platform.firstToken().get());
            out.println();
        }
        out.println("Ctrl-C stops.");
        out.flush();
        if (readyFile != null) {
            DataDirectory.write(
                    readyFile.toAbsolutePath(),
                    (ready(platform) + "\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String ready(Platform platform) throws IOException {
        ObjectNode ready = JSON.createObjectNode();
        ready.put("origin", platform.origin().toString());
        ready.put("edge", platform.edge().toString());
        ready.put("s3", platform.s3().toString());
        ready.put("database", platform.jdbcUrl());
        ready.put("origin_port", platform.origin().getPort());
        ready.put("edge_port", platform.edge().getPort());
        ready.put("data", platform.data().toString());
        ready.put("token_file", platform.tokenFile().toString());
        ready.putObject("pids")
                .put("modunest", ProcessHandle.current().pid())
                .put("postgres", platform.postgresPid());
        return JSON.writeValueAsString(ready);
    }
}
