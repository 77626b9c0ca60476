package dev.modunest.samples.qrcode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.samples.harness.PluginHarness;

import org.junit.jupiter.api.Test;

class QrCodePluginIT {

    @Test
    void drawsTextInSvgAndPng() throws Exception {
        try (PluginHarness plugins = PluginHarness.startJarsOf(QrCodePlugin.class)) {
            assertThat(plugins.ask("samples/qr-code", "hello"))
                    .startsWith("<svg ")
                    .endsWith("</svg>");
            assertThat(plugins.ask("samples/qr-code", "png:hello"))
                    .as("a PNG signature in Base64")
                    .startsWith("data:image/png;base64,iVBORw0KGgo");
        }
    }
}
