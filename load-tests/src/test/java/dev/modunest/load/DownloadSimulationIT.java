package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatling.app.Gatling$;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;

class DownloadSimulationIT {

    private static final int PASSED = 0;
    private static final int ASSERTIONS_FAILED = 2;
    private static final List<String> PROPERTIES =
            List.of("edge", "rate", "duration", "max-size", "range-percent", "hash-percent");

    @TempDir Path results;

    @AfterEach
    void clearProperties() {
        PROPERTIES.forEach(System::clearProperty);
    }

    private static void set(String name, String value) {
        assertThat(PROPERTIES).contains(name);
        System.setProperty(name, value);
    }

    private int run(String edge) {
        set("edge", edge);
        set("rate", "20");
        set("duration", "2");
        return Gatling$.MODULE$.fromArgs(
                new String[] {
                    "--simulation", DownloadSimulation.class.getName(),
                    "--results-folder", results.toString()
                });
    }

    @Test
    void passesAndWritesAReportWhenEveryAnswerIsRight() throws Exception {
        try (FakeEdge edge = new FakeEdge(3)) {
            set("range-percent", "30");

            assertThat(run(edge.url())).isEqualTo(PASSED);

            assertThat(edge.served()).isEqualTo(40);
            assertThat(results)
                    .isDirectoryRecursivelyContaining("glob:**/downloadsimulation-*/index.html");
        }
    }

    @Test
    void failsWhenTheBytesOfAnAnswerDiffer() throws Exception {
        try (FakeEdge edge = new FakeEdge(3)) {
            set("hash-percent", "90");
            edge.corrupt();

            assertThat(run(edge.url())).isEqualTo(ASSERTIONS_FAILED);
        }
    }

    @Test
    void saysThatNoEdgeAnswers() throws Exception {
        String gone;
        try (FakeEdge edge = new FakeEdge(1)) {
            gone = edge.url();
        }

        assertThatThrownBy(() -> run(gone))
                .hasStackTraceContaining(
                        LoadTestException.class.getName()
                                + ": no edge answers at "
                                + gone
                                + ": start one with ./modunest up, or name another with -Dedge=URL");
    }

    @Test
    void saysThatThereIsNothingToDownload() throws Exception {
        try (FakeEdge edge = new FakeEdge(2)) {
            set("edge", edge.url());
            set("max-size", "10");

            assertThatThrownBy(
                            () ->
                                    Catalogue.artifacts(
                                            DownloadOptions.read(OptionReader.ofSystem())))
                    .hasMessage(
                            "there is nothing to download from "
                                    + edge.url()
                                    + ": it has 2 plugins and none with an artifact of at most 10"
                                    + " bytes; publish some first (./modunest publish), or raise"
                                    + " -Dmax-size");
        }
    }
}
