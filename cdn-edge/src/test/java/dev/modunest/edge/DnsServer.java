package dev.modunest.edge;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server that answers every question with SRV records (RFC 1035, RFC 2782). */
final class DnsServer implements AutoCloseable {

    /** One record; its weight is 0. */
    record Srv(int priority, int port, String target) {}

    private static final int SRV = 33;
    private static final int HEADER = 12;

    private final DatagramSocket socket;
    private final Map<String, List<Srv>> records = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::serve);

    DnsServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        thread.start();
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Questions so far. */
    int asked() {
        return asked.get();
    }

    void answer(String name, List<Srv> with) {
        records.put(name, with);
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                socket.receive(packet);
                asked.incrementAndGet();
                byte[] answer = answer(ByteBuffer.wrap(packet.getData(), 0, packet.getLength()));
                socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private byte[] answer(ByteBuffer question) {
        short id = question.getShort(0);
        question.position(HEADER);
        String name = name(question);
        byte[] asked = new byte[question.position() + 4 - HEADER];
        question.get(HEADER, asked);
        List<Srv> found = records.getOrDefault(name, List.of());
        ByteBuffer out = ByteBuffer.allocate(512);
        out.putShort(id).putShort((short) 0x8180);
        out.putShort((short) 1).putShort((short) found.size()).putInt(0).put(asked);
        for (Srv srv : found) {
            out.putShort((short) (0xc000 | HEADER)).putShort((short) SRV).putShort((short) 1);
            out.putInt(1);
            byte[] target = labels(srv.target());
            out.putShort((short) (6 + target.length));
            out.putShort((short) srv.priority()).putShort((short) 0).putShort((short) srv.port());
            out.put(target);
        }
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    private static String name(ByteBuffer question) {
        StringBuilder name = new StringBuilder();
        for (int length = question.get(); length > 0; length = question.get()) {
            byte[] label = new byte[length];
            question.get(label);
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(label, StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    private static byte[] labels(String name) {
        ByteBuffer out = ByteBuffer.allocate(256);
        for (String label : name.split("\\.", -1)) {
            out.put((byte) label.length()).put(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.put((byte) 0);
        byte[] bytes = new byte[out.position()];
        out.get(0, bytes);
        return bytes;
    }

    @Override
    public void close() {
        socket.close();
    }
}
