package dev.modunest.samples.qrcode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;

import dev.modunest.samples.qrcode.api.QrCode;
import dev.modunest.samples.qrcode.api.QrCodes;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.BitSet;

import javax.imageio.ImageIO;

class ZxingCodesTest {

    private final ZxingCodes codes = new ZxingCodes();

    @ParameterizedTest
    @EnumSource
    void readsBackFromPngWhatWasEncoded(QrCodes.Correction correction) throws Exception {
        QrCode code = codes.encode("https://modunest.dev/?q=grüße", correction);

        assertThat(read(code.png(3))).isEqualTo("https://modunest.dev/?q=grüße");
    }

    @Test
    void drawsTheQuietZone() throws Exception {
        BufferedImage picture = picture(codes.encode("x", QrCodes.Correction.PERCENT_7).png(2));

        assertThat(picture.getWidth()).isEqualTo(2 * (21 + 8));
        assertThat(picture.getRGB(7, 7)).isEqualTo(0xffffffff);
        assertThat(picture.getRGB(8, 8)).isEqualTo(0xff000000);
    }

    @Test
    void drawsTheSameModulesInSvg() {
        String svg = codes.encode("x", QrCodes.Correction.PERCENT_7).svg();

        assertThat(svg)
                .startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 29 29\"")
                .as("the top row of the upper finder patterns")
                .contains("M4 4h7v1h-7z", "M18 4h7v1h-7z")
                .endsWith("z\"/></svg>");
    }

    @Test
    void takesMoreModulesForMoreCorrection() {
        String text = "a text of some length, to be encoded";

        assertThat(codes.encode(text, QrCodes.Correction.PERCENT_30).size())
                .isGreaterThan(codes.encode(text, QrCodes.Correction.PERCENT_7).size());
    }

    @Test
    void refusesEmptyText() {
        assertThatThrownBy(() -> codes.encode("", QrCodes.Correction.PERCENT_7))
                .hasMessage("there is no code of empty text");
    }

    @Test
    void refusesTextThatNoCodeHolds() {
        assertThatThrownBy(() -> codes.encode("é".repeat(2000), QrCodes.Correction.PERCENT_30))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no code holds 2000 characters with PERCENT_30");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 41})
    void refusesScalesOutOfRange(int scale) {
        QrCode code = codes.encode("x", QrCodes.Correction.PERCENT_7);

        assertThatThrownBy(() -> code.png(scale))
                .hasMessage("a module takes 1 to 40 pixels, not " + scale);
    }

    @Test
    void keepsItsModulesFromItsCallers() {
        QrCode code = codes.encode("x", QrCodes.Correction.PERCENT_7);
        code.dark().clear();

        assertThat(code.isDark(0, 0)).isTrue();
    }

    @Test
    void refusesModulesOutsideTheCode() {
        BitSet dark = new BitSet();
        dark.set(21 * 21);

        assertThatThrownBy(() -> new QrCode(21, dark)).hasMessageContaining("442 bits");
    }

    private static String read(byte[] png) throws Exception {
        BufferedImage picture = picture(png);
        int width = picture.getWidth();
        int height = picture.getHeight();
        int[] pixels = picture.getRGB(0, 0, width, height, new int[width * height], 0, width);
        return new QRCodeReader()
                .decode(
                        new BinaryBitmap(
                                new HybridBinarizer(new RGBLuminanceSource(width, height, pixels))))
                .getText();
    }

    private static BufferedImage picture(byte[] png) throws Exception {
        BufferedImage picture = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(picture).isNotNull();
        return picture;
    }
}
