package dev.modunest.edge;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.Random;

/**
 * Many clients that stay connected to an edge, and requests at a constant rate among them: {@code
 * java cdn-edge/src/jmh/java/dev/modunest/edge/ConnectedClients.java http://127.0.0.1:8081/PATH
 * [clients 10000] [requests per second 1000] [seconds 30] [pid of the edge]}. Each client asks once
 * when it has connected; after that each request goes to one chosen by chance, and its time counts
 * from when it was due, so that a stall shows in all requests that it delays. The first third of
 * the time is not counted. Clients come from 127.0.0.1, .2 and so on, 20,000 of each. Exit code: 1
 * when a request failed or one in a hundred took 50 ms or more.
 */
public final class ConnectedClients {

    private static final int PER_ADDRESS = 20_000;
    private static final int CONNECTING_AT_ONCE = 256;
    private static final long P99_NANOS = 50_000_000;
    private static final long NANOS = 1_000_000_000;
    private static final long PATIENCE_NANOS = 30 * NANOS;

    /** One connection: its request under way and what has come of the response. */
    private static final class Client {
        private final SocketChannel channel;
        private long due;
        private boolean busy;
        private StringBuilder head = new StringBuilder();
        private long body = -1;

        Client(SocketChannel channel) {
            this.channel = channel;
        }
    }

    private final URI target;
    private final byte[] request;
    private final Client[] clients;
    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
    private final long[] nanos;
    private int counted;
    private int answered;
    private int errors;
    private long countFrom = Long.MAX_VALUE;

    private ConnectedClients(URI target, int clients, int samples) throws IOException {
        this.target = target;
        this.request =
                ("GET " + target.getRawPath() + " HTTP/1.1\r\nHost: " + target.getAuthority())
                        .concat("\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII);
        this.clients = new Client[clients];
        this.nanos = new long[samples];
    }

    public static void main(String[] arguments) throws IOException {
        URI target = URI.create(arguments[0]);
        int count = number(arguments, 1, 10_000);
        int rate = number(arguments, 2, 1_000);
        int seconds = number(arguments, 3, 30);
        ConnectedClients clients = new ConnectedClients(target, count, rate * seconds);
        clients.connect();
        System.out.printf("%d of %d clients are connected%n", clients.answered, count);
        if (clients.errors > 0) {
            System.exit(1);
        }
        clients.ask(rate, seconds);
        System.exit(clients.report(rate, arguments.length > 4 ? arguments[4] : ""));
    }

    private static int number(String[] arguments, int at, int otherwise) {
        return arguments.length > at ? Integer.parseInt(arguments[at]) : otherwise;
    }

    private void connect() throws IOException {
        int begun = 0;
        long deadline = System.nanoTime() + PATIENCE_NANOS + clients.length * (NANOS / 50);
        while (answered + errors < clients.length && System.nanoTime() < deadline) {
            while (begun < clients.length && begun - answered - errors < CONNECTING_AT_ONCE) {
                SocketChannel channel = SocketChannel.open();
                if (begun >= PER_ADDRESS) {
                    channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                    channel.bind(new InetSocketAddress("127.0.0." + (1 + begun / PER_ADDRESS), 0));
                }
                channel.configureBlocking(false);
                Client client = new Client(channel);
                clients[begun++] = client;
                client.busy = true;
                channel.register(selector, SelectionKey.OP_CONNECT, client);
                channel.connect(new InetSocketAddress(target.getHost(), target.getPort()));
            }
            look(10);
        }
        errors += clients.length - answered - errors;
    }

    private void ask(int rate, int seconds) throws IOException {
        Random random = new Random(1);
        Queue<Client> late = new ArrayDeque<>();
        long begun = System.nanoTime();
        countFrom = begun + seconds * NANOS / 3;
        long total = (long) rate * seconds;
        for (long sent = 0; sent < total; ) {
            long due = begun + sent * NANOS / rate;
            long wait = due - System.nanoTime();
            if (wait > 0) {
                look(Math.max(1, wait / 1_000_000));
                continue;
            }
            Client client = clients[random.nextInt(clients.length)];
            if (client.busy) {
                errors += client.channel.isOpen() ? 0 : 1;
            } else {
                client.due = due;
                write(client);
                late.add(client);
            }
            sent++;
            look(0);
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (late.stream().anyMatch(client -> client.busy) && System.nanoTime() < deadline) {
            look(10);
        }
        errors += (int) late.stream().distinct().filter(client -> client.busy).count();
    }

    private void write(Client client) throws IOException {
        client.busy = true;
        client.head = new StringBuilder();
        client.body = -1;
        try {
            if (client.channel.write(ByteBuffer.wrap(request)) < request.length) {
                failed(client, "the socket takes no request");
            }
        } catch (IOException broken) {
            failed(client, broken.toString());
        }
    }

    private void look(long millis) throws IOException {
        int ready = millis == 0 ? selector.selectNow() : selector.select(millis);
        if (ready == 0) {
            return;
        }
        for (SelectionKey key : selector.selectedKeys()) {
            Client client = (Client) key.attachment();
            try {
                if (key.isConnectable()) {
                    client.channel.finishConnect();
                    key.interestOps(SelectionKey.OP_READ);
                    write(client);
                } else {
                    read(client);
                }
            } catch (IOException broken) {
                failed(client, broken.toString());
            }
        }
        selector.selectedKeys().clear();
    }

    private void read(Client client) throws IOException {
        buffer.clear();
        if (client.channel.read(buffer) < 0) {
            failed(client, "the edge has closed a connection");
            return;
        }
        buffer.flip();
        while (buffer.hasRemaining() && client.body < 0) {
            client.head.append((char) buffer.get());
            if (client.head.length() > 3 && client.head.indexOf("\r\n\r\n") >= 0) {
                client.body = length(client.head.toString());
            }
        }
        client.body -= client.body < 0 ? 0 : buffer.remaining();
        if (client.body == 0) {
            done(client);
        }
    }

    private static long length(String head) throws IOException {
        if (!head.startsWith("HTTP/1.1 200 ")) {
            throw new IOException(head);
        }
        for (String line : head.split("\r\n")) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                return Long.parseLong(line.substring(15).strip());
            }
        }
        throw new IOException("no length: " + head);
    }

    private void done(Client client) {
        client.busy = false;
        answered++;
        if (client.due >= countFrom) {
            nanos[counted++] = System.nanoTime() - client.due;
        }
    }

    private void failed(Client client, String why) throws IOException {
        if (errors++ == 0) {
            System.out.println("the first failure: " + why);
        }
        client.channel.close();
    }

    private int report(int rate, String pid) throws IOException {
        long[] sorted = Arrays.copyOf(nanos, counted);
        Arrays.sort(sorted);
        long p99 = sorted[(int) (counted * 99L / 100)];
        System.out.printf(
                "%d requests at %d/s: p50 %.2f, p99 %.2f, max %.2f ms; %d errors%n",
                counted,
                rate,
                sorted[counted / 2] / 1e6,
                p99 / 1e6,
                sorted[counted - 1] / 1e6,
                errors);
        if (!pid.isEmpty()) {
            Files.readAllLines(Path.of("/proc", pid, "status")).stream()
                    .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                    .forEach(System.out::println);
        }
        return errors == 0 && p99 < P99_NANOS ? 0 : 1;
    }
}
