package dev.modunest.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A resolver (RFC 1035) that knows TXT records, and is silent when it is told so. */
final class FakeDns implements AutoCloseable {

    private static final int TXT = 16;
    private static final int NXDOMAIN = 3;

    private final DatagramSocket socket;
    private final Map<String, List<String>> records = new ConcurrentHashMap<>();
    private volatile boolean silent;

    FakeDns() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
        Thread.ofVirtual().name("fake-dns").start(this::serve);
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    void put(String name, String... texts) {
        records.put(name, List.of(texts));
    }

    void silent(boolean so) {
        silent = so;
    }

    private void serve() {
        byte[] buffer = new byte[512];
        while (!socket.isClosed()) {
            DatagramPacket query = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(query);
                if (!silent) {
                    byte[] answer = answer(ByteBuffer.wrap(buffer, 0, query.getLength()));
                    socket.send(
                            new DatagramPacket(answer, answer.length, query.getSocketAddress()));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private byte[] answer(ByteBuffer query) {
        int id = Short.toUnsignedInt(query.getShort(0));
        int begin = 12;
        StringBuilder name = new StringBuilder();
        int at = begin;
        for (int length = query.get(at); length > 0; length = query.get(at)) {
            byte[] label = new byte[length];
            query.get(at + 1, label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.US_ASCII));
            at += length + 1;
        }
        byte[] question = new byte[at + 5 - begin];
        query.get(begin, question);
        List<String> texts = records.getOrDefault(name.toString(), List.of());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        shorts(out, id, 0x8180 | (texts.isEmpty() ? NXDOMAIN : 0), 1, texts.size(), 0, 0);
        out.writeBytes(question);
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            shorts(out, 0xc000 | begin, TXT, 1, 0, 60, bytes.length + 1);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    private static void shorts(ByteArrayOutputStream out, int... numbers) {
        for (int number : numbers) {
            out.write(number >> 8);
            out.write(number);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
