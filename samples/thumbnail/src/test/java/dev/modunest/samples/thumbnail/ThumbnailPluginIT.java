package dev.modunest.samples.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.util.Base64;

class ThumbnailPluginIT {

    private static PluginHarness plugins;

    @BeforeAll
    static void start() throws Exception {
        plugins = PluginHarness.startJarsOf(ThumbnailPlugin.class);
    }

    @AfterAll
    static void stop() {
        plugins.close();
    }

    @Test
    void answersADataUriWithASmallerOne() throws Exception {
        String picture = Base64.getEncoder().encodeToString(Pictures.redAndBlue(300, 300, "png"));

        String answer = plugins.ask("samples/thumbnail", "32x16 data:image/png;base64," + picture);

        String prefix = "data:image/png;base64,";
        assertThat(answer).startsWith(prefix);
        byte[] small = Base64.getDecoder().decode(answer.substring(prefix.length()));
        assertThat(Pictures.read(small).getWidth()).isEqualTo(16);
    }

    @Test
    void saysWhatARequestLooksLike() {
        assertThatThrownBy(() -> plugins.ask("samples/thumbnail", "cat.png"))
                .hasMessage("write <width>x<height> data:image/png;base64,<picture>");
    }
}
