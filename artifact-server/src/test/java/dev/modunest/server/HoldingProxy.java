package dev.modunest.server;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between two processes that speak HTTP/1.1, and holds the first request whose line matches,
 * or its answer. What was held never arrives.
 */
final class HoldingProxy implements AutoCloseable {

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n");

    /** What is to be held, once. */
    private record Trap(Pattern line, boolean answer, CountDownLatch held, CountDownLatch over) {}

    private final URI target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Optional<Trap>> trap = new AtomicReference<>(Optional.empty());
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile CountDownLatch over = new CountDownLatch(0);

    HoldingProxy(URI target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    void holdRequest(String line) {
        hold(line, false);
    }

    /** The request arrives, and what is answered does not. */
    void holdAnswer(String line) {
        hold(line, true);
    }

    private void hold(String line, boolean answer) {
        held = new CountDownLatch(1);
        over = new CountDownLatch(1);
        trap.set(Optional.of(new Trap(Pattern.compile(line), answer, held, over)));
    }

    /** Whether something is held within a minute. */
    boolean awaitHeld() throws InterruptedException {
        return held.await(60, TimeUnit.SECONDS);
    }

    /** Ends all connections, the held one too. */
    void drop() {
        trap.set(Optional.empty());
        over.countDown();
        sockets.forEach(HoldingProxy::close);
        sockets.clear();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException closed) {
                drop();
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket(target.getHost(), target.getPort());
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        AtomicReference<Optional<Trap>> answer = new AtomicReference<>(Optional.empty());
        threads.execute(() -> requests(client, server, answer));
        threads.execute(() -> answers(server, client, answer));
    }

    private void requests(Socket client, Socket server, AtomicReference<Optional<Trap>> answer) {
        try (client;
                server) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            OutputStream out = server.getOutputStream();
            for (byte[] head = head(in); head.length > 0; head = head(in)) {
                String text = new String(head, StandardCharsets.ISO_8859_1);
                Optional<Trap> caught = caught(text.substring(0, text.indexOf('\r')));
                if (caught.isPresent() && !caught.get().answer()) {
                    caught.get().held().countDown();
                    caught.get().over().await();
                    return;
                }
                answer.set(caught);
                out.write(head);
                out.flush();
                Matcher length = LENGTH.matcher(text.toLowerCase(Locale.ROOT));
                copy(in, out, length.find() ? Long.parseLong(length.group(1)) : 0);
            }
        } catch (IOException closed) {
            close(server);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** The first that matches; a trap shuts once. */
    private Optional<Trap> caught(String line) {
        Optional<Trap> set = trap.get();
        return set.isPresent()
                        && set.get().line().matcher(line).find()
                        && trap.compareAndSet(set, Optional.empty())
                ? set
                : Optional.empty();
    }

    private void answers(Socket server, Socket client, AtomicReference<Optional<Trap>> answer) {
        byte[] buffer = new byte[8192];
        try (client;
                server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (answer.get().isPresent() && !isInterim(buffer, read)) {
                    answer.get().get().held().countDown();
                    answer.get().get().over().await();
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException closed) {
            close(client);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isInterim(byte[] buffer, int read) {
        return new String(buffer, 0, Math.min(read, 12), StandardCharsets.ISO_8859_1)
                .startsWith("HTTP/1.1 100");
    }

    /** Up to the empty line; nothing at the end of the connection. */
    private static byte[] head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int newLines = 0;
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            newLines = next == '\n' ? newLines + 1 : next == '\r' ? newLines : 0;
            if (newLines == 2) {
                return head.toByteArray();
            }
        }
        return new byte[0];
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[8192];
        for (long left = length; left > 0; ) {
            int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
            if (read < 0) {
                throw new IOException("the body ends early");
            }
            out.write(buffer, 0, read);
            out.flush();
            left -= read;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException already) {
            throw new IllegalStateException(already);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        drop();
        threads.close();
    }
}
