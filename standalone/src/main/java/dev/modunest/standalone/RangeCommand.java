package dev.modunest.standalone;

import dev.modunest.format.Version;
import dev.modunest.format.VersionRange;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "range",
        mixinStandardHelpOptions = true,
        description = {
            "Says whether versions are in ranges, as resolution sees it.",
            "Reads lines of RANGE<TAB>VERSION and answers each with true, false or invalid."
        },
        footer = {
            "",
            "Example: printf '^1.2\\t1.4.0\\n>=1 <2\\t2.0.0\\n' | ./modunest range",
            "Exit code: 0, whatever the answers."
        })
final class RangeCommand implements Callable<Integer> {

    @Option(
            names = "--include-prerelease",
            description = "Order pre-releases like any other version (npm's includePrerelease).")
    private boolean includePrerelease;

    @Spec private CommandSpec spec;

    RangeCommand() {}

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            out.println(answer(line, includePrerelease));
            if (!lines.ready()) {
                out.flush(); // whoever asks line by line waits for the answer
            }
        }
        out.flush();
        return 0;
    }

    static String answer(String line, boolean includePrerelease) {
        int tab = line.indexOf('\t');
        if (tab < 0) {
            return "invalid";
        }
        String text = line.substring(0, tab);
        Optional<VersionRange> range =
                includePrerelease
                        ? VersionRange.tryParseIncludingPrereleases(text)
                        : VersionRange.tryParse(text);
        Optional<Version> version = Version.tryParse(line.substring(tab + 1));
        if (range.isEmpty() || version.isEmpty()) {
            return "invalid";
        }
        return Boolean.toString(
                includePrerelease
                        ? range.get().containsIncludingPrereleases(version.get())
                        : range.get().contains(version.get()));
    }
}
