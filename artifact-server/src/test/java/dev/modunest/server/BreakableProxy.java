package dev.modunest.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between the server and the storage, and fails when told to. */
final class BreakableProxy implements AutoCloseable {

    private final URI target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private volatile boolean refusing;
    private long answerBytes = Long.MAX_VALUE;

    BreakableProxy(URI target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** Closes every connection and takes no new one. */
    void refuse(boolean refuse) {
        refusing = refuse;
        dropConnections();
    }

    /** From now on cuts a connection after so many bytes of answers. */
    synchronized void cutAnswersAfter(long bytes) {
        answerBytes = bytes;
        dropConnections();
    }

    private synchronized void dropConnections() {
        sockets.forEach(BreakableProxy::close);
        sockets.clear();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                } else {
                    connect(client);
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client) throws IOException {
        Socket server = new Socket(target.getHost(), target.getPort());
        long limit = register(client, server);
        threads.execute(() -> copy(client, server, Long.MAX_VALUE));
        threads.execute(() -> copy(server, client, limit));
    }

    /** The bound on answers: that of the moment, or the connection is dropped with the others. */
    private synchronized long register(Socket client, Socket server) {
        sockets.add(client);
        sockets.add(server);
        return answerBytes;
    }

    private static void copy(Socket from, Socket to, long limit) {
        byte[] buffer = new byte[8192];
        long left = limit;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0 && left > 0; read = in.read(buffer)) {
                out.write(buffer, 0, (int) Math.min(read, left));
                left -= read;
            }
        } catch (IOException closed) {
            close(from);
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
        dropConnections();
        threads.close();
    }
}
