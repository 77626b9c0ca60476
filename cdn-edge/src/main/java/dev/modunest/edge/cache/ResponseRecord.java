package dev.modunest.edge.cache;

import dev.modunest.format.Digest;

import io.vertx.core.MultiMap;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A line of the {@link ResponseLog}: a response is stored, or all of a URI is removed.
 *
 * <p>Bytes, big-endian: length of the payload (4), its CRC-32C (4), payload. A payload is a byte of
 * its kind (1 stored, 2 removed), the URI, and for a stored response head and content as written
 * below; texts as {@link DataOutputStream#writeUTF}, times in milliseconds.
 */
sealed interface ResponseRecord {

    record Stored(String uri, StoredResponse response) implements ResponseRecord {}

    record Removed(String uri) implements ResponseRecord {}

    /** Bytes before the payload. */
    int HEADER = 8;

    /** A head has at most 8 KiB by the limits of the client, and some room beside. */
    int MAX_PAYLOAD = 256 << 10;

    int STORED = 1;
    int REMOVED = 2;

    /** The record with its header; fails when a text has more than 64 KiB. */
    default byte[] encode() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(0);
        switch (this) {
            case Stored(String uri, StoredResponse response) -> {
                out.writeByte(STORED);
                out.writeUTF(uri);
                write(out, response);
            }
            case Removed(String uri) -> {
                out.writeByte(REMOVED);
                out.writeUTF(uri);
            }
        }
        byte[] record = bytes.toByteArray();
        CRC32C crc = new CRC32C();
        crc.update(record, HEADER, record.length - HEADER);
        java.nio.ByteBuffer.wrap(record)
                .putInt(record.length - HEADER)
                .putInt((int) crc.getValue());
        return record;
    }

    /** Reads a payload whose checksum was right. */
    static ResponseRecord decode(byte[] payload) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload));
        int kind = in.readByte();
        String uri = in.readUTF();
        return switch (kind) {
            case STORED -> new Stored(uri, read(in, uri));
            case REMOVED -> new Removed(uri);
            default -> throw new IOException("a record of kind " + kind);
        };
    }

    private static void write(DataOutputStream out, StoredResponse response) throws IOException {
        ResponseHead head = response.head();
        out.writeShort(head.status());
        MultiMap fields = head.fields().toMultiMap();
        out.writeShort(fields.size());
        for (var field : fields) {
            out.writeUTF(field.getKey());
            out.writeUTF(field.getValue());
        }
        Freshness freshness = head.freshness();
        out.writeLong(freshness.generatedAt().toEpochMilli());
        out.writeLong(freshness.lifetime().toMillis());
        out.writeBoolean(freshness.alwaysAsk());
        out.writeLong(freshness.staleWhileRevalidate().toMillis());
        out.writeLong(freshness.staleIfError().toMillis());
        out.writeLong(freshness.staleIfGone().toMillis());
        out.writeBoolean(freshness.mayBeStale());
        out.writeLong(head.stamp().serial());
        out.writeShort(head.vary().names().size());
        for (int i = 0; i < head.vary().names().size(); i++) {
            out.writeUTF(head.vary().names().get(i));
            out.writeUTF(head.selected().get(i));
        }
        StoredArtifact content = response.content();
        out.write(HexFormat.of().parseHex(content.digest().hex()));
        out.writeLong(content.size());
        out.writeLong(content.lastModified().toEpochMilli());
        out.writeLong(content.generatedAt().toEpochMilli());
    }

    private static StoredResponse read(DataInputStream in, String uri) throws IOException {
        int status = in.readUnsignedShort();
        MultiMap fields = MultiMap.caseInsensitiveMultiMap();
        for (int count = in.readUnsignedShort(); count > 0; count--) {
            fields.add(in.readUTF(), in.readUTF());
        }
        Freshness freshness =
                new Freshness(
                        Instant.ofEpochMilli(in.readLong()),
                        Duration.ofMillis(in.readLong()),
                        in.readBoolean(),
                        Duration.ofMillis(in.readLong()),
                        Duration.ofMillis(in.readLong()),
                        Duration.ofMillis(in.readLong()),
                        in.readBoolean());
        Stamp stamp = new Stamp(DocumentScope.of(uri), 0, in.readLong());
        List<String> names = new ArrayList<>();
        List<String> selected = new ArrayList<>();
        for (int count = in.readUnsignedShort(); count > 0; count--) {
            names.add(in.readUTF());
            selected.add(in.readUTF());
        }
        Vary vary = names.isEmpty() ? Vary.NONE : new Vary(names, false);
        byte[] digest = in.readNBytes(32);
        StoredArtifact content =
                new StoredArtifact(
                        new Digest(HexFormat.of().formatHex(digest)),
                        in.readLong(),
                        Instant.ofEpochMilli(in.readLong()),
                        Instant.ofEpochMilli(in.readLong()));
        return new StoredResponse(
                new ResponseHead(status, Fields.of(fields), freshness, stamp, vary, selected),
                content);
    }
}
