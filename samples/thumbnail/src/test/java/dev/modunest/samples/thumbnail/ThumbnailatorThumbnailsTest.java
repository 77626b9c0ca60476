package dev.modunest.samples.thumbnail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.samples.thumbnail.api.Thumbnail;
import dev.modunest.samples.thumbnail.api.Thumbnails;
import dev.modunest.samples.thumbnail.api.Thumbnails.Bounds;
import dev.modunest.samples.thumbnail.api.Thumbnails.Format;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.util.Arrays;

class ThumbnailatorThumbnailsTest {

    private final Thumbnails thumbnails = new ThumbnailatorThumbnails();

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "gif", "bmp"})
    void shrinksEveryFormatAndKeepsProportionsAndColours(String format) throws Exception {
        Thumbnail small =
                thumbnails.shrink(
                        Pictures.redAndBlue(400, 200, format), new Bounds(100, 100), Format.PNG);

        assertThat(small.width()).isEqualTo(100);
        assertThat(small.height()).isEqualTo(50);
        BufferedImage picture = Pictures.read(small.bytes());
        assertThat(picture.getWidth()).isEqualTo(100);
        assertThat(picture.getRGB(10, 25) >> 16 & 0xff).as("red").isGreaterThan(0xf0);
        assertThat(picture.getRGB(90, 25) & 0xff).as("blue").isGreaterThan(0xf0);
    }

    @Test
    void writesJpeg() throws Exception {
        Thumbnail small =
                thumbnails.shrink(
                        Pictures.redAndBlue(40, 80, "png"), new Bounds(10, 10), Format.JPEG);

        assertThat(small.format()).isEqualTo(Format.JPEG);
        assertThat(small.bytes()).startsWith(0xff, 0xd8);
        assertThat(Pictures.read(small.bytes()).getHeight()).isEqualTo(10);
        assertThat(small.dataUri()).startsWith("data:image/jpeg;base64,/9j/");
    }

    @Test
    void keepsTheSizeOfAPictureThatFits() throws Exception {
        Thumbnail same =
                thumbnails.shrink(
                        Pictures.redAndBlue(20, 10, "png"), new Bounds(64, 64), Format.PNG);

        assertThat(same.width()).isEqualTo(20);
        assertThat(same.height()).isEqualTo(10);
    }

    @Test
    void refusesBytesThatAreNoPicture() {
        assertThatThrownBy(() -> thumbnails.shrink(new byte[7], new Bounds(9, 9), Format.PNG))
                .hasMessage("7 bytes are no PNG, JPEG, GIF or BMP picture");
    }

    @Test
    void refusesADamagedPicture() throws Exception {
        byte[] whole = Pictures.redAndBlue(64, 64, "png");
        byte[] half = Arrays.copyOf(whole, whole.length / 2);

        assertThatThrownBy(() -> thumbnails.shrink(half, new Bounds(9, 9), Format.PNG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the picture is damaged");
    }

    @Test
    void refusesAPictureThatClaimsTooManyPixelsBeforeReadingThem() throws Exception {
        byte[] huge = Pictures.claiming(50_000, 50_000);

        assertThatThrownBy(() -> thumbnails.shrink(huge, new Bounds(9, 9), Format.PNG))
                .hasMessage("the picture has 2500000000 pixels, at most 50000000 are read");
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "4097, 1", "1, 4097"})
    void refusesBoundsOutOfRange(int width, int height) {
        assertThatThrownBy(() -> new Bounds(width, height))
                .hasMessageContaining("is no size of a thumbnail");
    }
}
