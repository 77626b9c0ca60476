package dev.modunest.standalone;

import com.fasterxml.jackson.databind.JsonNode;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.Inspection;
import dev.modunest.loader.cli.Progress;
import dev.modunest.samples.generator.GeneratedPlugin;
import dev.modunest.samples.generator.GeneratorOptions;
import dev.modunest.samples.generator.PluginGenerator;
import dev.modunest.settings.Secret;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The whole way of a plugin on a running platform: sign, publish, download through the edge, load
 * in a host, call.
 */
final class Demo {

    private static final long SEED = 20_261_101L;
    private static final int UPLOADS = 8;
    private static final int DOWNLOADS = 16;
    private static final Duration LOAD_AT_MOST = Duration.ofMinutes(5);

    private final Distribution distribution;
    private final Platform platform;
    private final Path work;
    private final PrintStream progress;
    private final StopSignal stop;
    private final List<String> failures = new ArrayList<>();

    Demo(
            Distribution distribution,
            Platform platform,
            Path work,
            PrintStream progress,
            StopSignal stop) {
        this.distribution = distribution;
        this.platform = platform;
        this.work = work;
        this.progress = progress;
        this.stop = stop;
    }

    DemoReport run(int generated, Duration startup) throws IOException, InterruptedException {
        List<PluginJar> jars = new ArrayList<>(samples());
        jars.addAll(generate(generated));
        List<PublishClient.Outcome.Published> live = new ArrayList<>();
        goOn();
        DemoReport.Published published = publish(jars, live);
        goOn();
        List<Digest> digests = live.stream().map(PublishClient.Outcome.Published::digest).toList();
        EdgeDownloads.Result cold = download("downloading, cold", digests);
        EdgeDownloads.Result warm = download("downloading, warm", digests);
        List<Coordinate> plugins =
                live.stream().map(PublishClient.Outcome.Published::coordinate).toList();
        goOn();
        JsonNode load = load(plugins);
        double hitRatio = EdgeHits.ratio(platform.edge());
        return new DemoReport(
                startup, published, cold, warm, hitRatio, load, answers(load), failures);
    }

    private void goOn() {
        if (stop.isRequested()) {
            throw new StandaloneException("stopped before the end");
        }
    }

    private List<PluginJar> samples() throws IOException {
        List<PluginJar> jars = new ArrayList<>();
        for (Path file : distribution.samples()) {
            switch (PluginJar.inspect(file)) {
                case Inspection.Accepted accepted ->
                        jars.add(new PluginJar(file, accepted.manifest()));
                case Inspection.Refused refused ->
                        failures.add(file + " is refused: " + refused.problems().getFirst());
            }
        }
        return jars;
    }

    private List<PluginJar> generate(int count) throws IOException {
        if (count == 0) {
            return List.of();
        }
        List<PluginJar> jars = new ArrayList<>();
        try (Progress bar = Progress.start(progress, "generating", count, "plugins")) {
            GeneratorOptions options = GeneratorOptions.of(count, SEED, work.resolve("generated"));
            for (GeneratedPlugin plugin : PluginGenerator.generate(options, done -> bar.step(1))) {
                switch (PluginJar.inspect(plugin.path())) {
                    case Inspection.Accepted accepted ->
                            jars.add(new PluginJar(plugin.path(), accepted.manifest()));
                    case Inspection.Refused refused ->
                            failures.add(
                                    plugin.path()
                                            + " is refused: "
                                            + refused.problems().getFirst());
                }
            }
        }
        return jars;
    }

    private DemoReport.Published publish(
            List<PluginJar> jars, List<PublishClient.Outcome.Published> live)
            throws IOException, InterruptedException {
        Secret token = new Secret(Files.readString(platform.tokenFile()).strip());
        PublishBundles signing = DemoPublishers.prepare(platform.origin(), token, jars);
        long begin = System.nanoTime();
        try (PublishClient client =
                        new PublishClient(
                                platform.origin(), _ -> token, signing, UPLOADS, followed -> {});
                Progress bar = Progress.start(progress, "publishing", jars.size(), "releases")) {
            for (PublishClient.Outcome outcome : client.publish(jars, each -> bar.step(1))) {
                if (outcome instanceof PublishClient.Outcome.Published published) {
                    live.add(published);
                } else {
                    failures.add(PublishCommand.toText(outcome).strip());
                }
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        return new DemoReport.Published(
                live.size(),
                (int) live.stream().filter(release -> release.signed().isPresent()).count(),
                LogSize.of(platform.origin(), platform.trust()),
                live.stream().mapToLong(PublishClient.Outcome.Published::size).sum(),
                took);
    }

    private EdgeDownloads.Result download(String label, List<Digest> digests) {
        try (EdgeDownloads downloads = new EdgeDownloads(platform.edge(), DOWNLOADS);
                Progress bar = Progress.start(progress, label, digests.size(), "artifacts")) {
            EdgeDownloads.Result result = downloads.run(digests, bar::step);
            if (result.failures() > 0) {
                failures.add(result.failures() + " downloads failed (" + label + ")");
            }
            return result;
        }
    }

    private JsonNode load(List<Coordinate> plugins) {
        progress.println("loading " + plugins.size() + " plugins in a fresh host");
        JsonNode report =
                new HostProcess(
                                distribution.loader(),
                                work,
                                platform.edge(),
                                platform.trust().resolve("tuf/1.root.json"))
                        .load(plugins, SampleCall.ALL, LOAD_AT_MOST);
        for (JsonNode plugin : report.path("plugins")) {
            String outcome = plugin.path("outcome").asText();
            if (!outcome.equals("loaded")) {
                failures.add(
                        plugin.path("plugin").asText()
                                + " "
                                + outcome
                                + ": "
                                + plugin.path("reason").asText(plugin.path("chain").toString()));
            }
        }
        int loaded = report.path("totals").path("loaded").asInt();
        if (loaded < plugins.size()) {
            failures.add(loaded + " of " + plugins.size() + " plugins loaded");
        }
        return report;
    }

    /** Every sample must have answered what it is known to answer. */
    private List<DemoReport.Answer> answers(JsonNode load) {
        List<DemoReport.Answer> answers = new ArrayList<>();
        for (SampleCall call : SampleCall.ALL) {
            Optional<String> output = Optional.empty();
            for (JsonNode answer : load.path("calls")) {
                if (answer.path("plugin").asText().equals(call.plugin()) && answer.has("output")) {
                    output = Optional.of(answer.path("output").asText());
                }
            }
            if (output.filter(text -> text.contains(call.expected())).isEmpty()) {
                failures.add(
                        call.plugin()
                                + " was to answer with '"
                                + call.expected()
                                + "' and answered "
                                + output.orElse("nothing"));
            }
            answers.add(new DemoReport.Answer(call.plugin(), call.input(), output.orElse("")));
        }
        return answers;
    }
}
