package dev.modunest.loader.isolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipOutputStream;

class JarIndexTest {

    private static byte[] zip(int method) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setComment("a comment after the directory");
            out.putNextEntry(new ZipEntry("folder/"));
            byte[] content = "content".getBytes(StandardCharsets.UTF_8);
            ZipEntry entry = new ZipEntry("folder/ä.txt");
            CRC32 crc = new CRC32();
            crc.update(content);
            entry.setMethod(method);
            entry.setSize(content.length);
            entry.setCrc(crc.getValue());
            out.putNextEntry(entry);
            out.write(content);
            ZipEntry empty = new ZipEntry("empty");
            empty.setExtra(new byte[] {1, 0, 0, 0});
            out.putNextEntry(empty);
        }
        return bytes.toByteArray();
    }

    @Test
    void readsDeflatedAndStoredEntries() throws IOException {
        for (int method : new int[] {ZipEntry.DEFLATED, ZipEntry.STORED}) {
            JarIndex index = JarIndex.of(ByteBuffer.wrap(zip(method)));
            assertThat(index.names()).containsExactlyInAnyOrder("folder/ä.txt", "empty");
            assertThat(index.read("folder/ä.txt")).asString().isEqualTo("content");
            assertThat(index.read("empty")).isEmpty();
            assertThat(index.read("absent")).isNull();
        }
    }

    @Test
    void refusesWhatIsNoZip() {
        assertThatThrownBy(() -> JarIndex.of(ByteBuffer.allocate(100)))
                .isInstanceOf(ZipException.class)
                .hasMessageContaining("no central directory");
    }

    @Test
    void refusesADamagedDirectory() throws IOException {
        byte[] zip = zip(ZipEntry.DEFLATED);
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(endOf(zip) + 16, 3);
        assertThatThrownBy(() -> JarIndex.of(ByteBuffer.wrap(zip))).hasMessageContaining("damaged");
    }

    @Test
    void refusesZip64() throws IOException {
        byte[] zip = zip(ZipEntry.DEFLATED);
        ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(endOf(zip) + 16, -1);
        assertThatThrownBy(() -> JarIndex.of(ByteBuffer.wrap(zip))).hasMessageContaining("ZIP64");
        byte[] entry = zip(ZipEntry.DEFLATED);
        ByteBuffer bytes = ByteBuffer.wrap(entry).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(secondEntry(entry) + 24, -1);
        assertThatThrownBy(() -> JarIndex.of(ByteBuffer.wrap(entry))).hasMessageContaining("ZIP64");
    }

    @Test
    void refusesBrokenCompression() throws IOException {
        byte[] zip = zip(ZipEntry.DEFLATED);
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int second = secondEntry(zip);
        bytes.putInt(second + 24, 1000);
        JarIndex longer = JarIndex.of(ByteBuffer.wrap(zip));
        assertThatThrownBy(() -> longer.read("folder/ä.txt")).hasMessageContaining("shorter");
        bytes.putShort(second + 10, (short) 12);
        JarIndex packed = JarIndex.of(ByteBuffer.wrap(zip));
        assertThatThrownBy(() -> packed.read("folder/ä.txt")).hasMessageContaining("method 12");
    }

    private static int secondEntry(byte[] zip) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int directory = bytes.getInt(endOf(zip) + 16);
        return directory + 46 + "folder/".length() + bytes.getShort(directory + 30);
    }

    private static int endOf(byte[] zip) {
        ByteBuffer bytes = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int at = zip.length - 22;
        while (bytes.getInt(at) != 0x06054b50) {
            at--;
        }
        return at;
    }
}
