package dev.modunest.standalone;

import dev.modunest.format.trust.x509.X509Conformance;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.Callable;

@Command(
        name = "x509",
        mixinStandardHelpOptions = true,
        description = {
            "Says whether paths of certificates are good, as C2SP's x509-limbo asks.",
            "Reads a test case a line, as JSON, and answers each with a line of JSON: id,",
            "actual_result (SUCCESS, FAILURE or SKIPPED) and context, the reason."
        },
        footer = {
            "",
            "Example: jq -c '.testcases[]' limbo.json | ./modunest conformance x509",
            "Exit code: 0, whatever the answers; 2 for a line that is no test case."
        })
final class X509ConformanceCommand implements Callable<Integer> {

    @Spec private CommandSpec spec;

    X509ConformanceCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank()) {
                continue;
            }
            try {
                out.println(X509Conformance.answer(line, Instant.now()));
            } catch (IllegalArgumentException malformed) {
                out.flush();
                spec.commandLine().getErr().println("No test case: " + malformed.getMessage());
                return 2;
            }
            if (!lines.ready()) {
                out.flush(); // whoever asks line by line waits for the answer
            }
        }
        out.flush();
        return 0;
    }
}
