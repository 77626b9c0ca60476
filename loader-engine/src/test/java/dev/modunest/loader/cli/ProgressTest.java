package dev.modunest.loader.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

class ProgressTest {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void writesALineForEachTenthInAPipe() {
        try (Progress progress = Progress.start(out, "load", 100, "plugins", false)) {
            for (int i = 0; i < 100; i++) {
                progress.step(1);
            }
        }
        assertThat(text().lines()).hasSize(10);
        assertThat(text()).startsWith("load 10/100 plugins").contains("load 100/100 plugins in ");
    }

    @Test
    void drawsABarOnATerminal() {
        try (Progress progress = Progress.start(out, "load", 2, "plugins", true)) {
            progress.step(1);
        }
        assertThat(text()).contains("\rload [===============               ] 1/2 plugins in ");
    }

    @Test
    void dropsATotalThatProvedTooLow() {
        try (Progress progress = Progress.start(out, "load", 2, "plugins", false)) {
            progress.step(3);
        }
        assertThat(text()).startsWith("load 3 plugins in ");
    }

    @Test
    void takesAnEmptyTotal() {
        Progress.start(out, "load", 0, "plugins", true).close();
        Progress.start(out, "load", 0, "plugins").close();
        assertThat(text()).contains("0/0 plugins");
    }
}
