package dev.modunest.loader.cli;

import dev.modunest.loader.LoaderException;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.log.LoaderLog;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.lang.System.Logger.Level;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Where a host that {@code load --keep} started takes commands of the same user: the Unix-domain
 * socket {@code DIR/control/socket}, in a folder that nobody else may enter. A client sends one
 * line and reads the exit code and the text of the answer.
 */
final class ControlSocket implements AutoCloseable {

    private static final int MOST_CLIENTS = 4;
    private static final int MOST_CHARACTERS = 512;

    private final Path file;
    private final ServerSocketChannel server;
    private final Commands commands;
    private final Semaphore clients = new Semaphore(MOST_CLIENTS);

    /** What a host does on a command. */
    @FunctionalInterface
    interface Commands {
        Answer run(String line, PluginLoader loader) throws InterruptedException;
    }

    /**
     * What came of it.
     *
     * @param exitCode of the command line
     */
    record Answer(int exitCode, String text) {}

    private ControlSocket(Path file, ServerSocketChannel server, Commands commands) {
        this.file = file;
        this.server = server;
        this.commands = commands;
    }

    static Path in(Path directory) {
        return directory.resolve("control").resolve("socket");
    }

    static ControlSocket open(Path directory, PluginLoader loader, Commands commands)
            throws IOException {
        Path file = in(directory);
        Path folder = directory.resolve("control");
        if (!Files.isDirectory(folder)) {
            Files.createDirectory(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        if (ask(directory, "ping").isPresent()) {
            throw new IOException("another host runs on " + directory);
        }
        Files.deleteIfExists(file);
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(file));
        ControlSocket socket = new ControlSocket(file, server, commands);
        Thread.ofVirtual().name("modunest-control").start(() -> socket.serve(loader));
        return socket;
    }

    private void serve(PluginLoader loader) {
        try {
            while (true) {
                clients.acquire();
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("modunest-command").start(() -> answer(client, loader));
            }
        } catch (ClosedChannelException closed) {
            LoaderLog.get().log(Level.DEBUG, "no more commands are taken", closed);
        } catch (IOException failed) {
            LoaderLog.get().log(Level.WARNING, "commands cannot be taken any more", failed);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(SocketChannel client, PluginLoader loader) {
        try (client;
                Reader reader = Channels.newReader(client, StandardCharsets.UTF_8);
                Writer writer = Channels.newWriter(client, StandardCharsets.UTF_8)) {
            Answer answer = run(line(reader), loader);
            writer.write(answer.exitCode() + "\n" + answer.text());
        } catch (IOException gone) {
            LoaderLog.get().log(Level.DEBUG, "who asked has gone", gone);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            clients.release();
        }
    }

    private Answer run(String line, PluginLoader loader) throws InterruptedException {
        if (line.equals("ping")) {
            return new Answer(0, "");
        }
        try {
            return commands.run(line, loader);
        } catch (LoaderException | IllegalArgumentException | IllegalStateException refused) {
            return new Answer(1, refused.getMessage() + "\n");
        }
    }

    private static String line(Reader reader) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = reader.read(); c >= 0 && c != '\n'; c = reader.read()) {
            line.append((char) c);
            if (line.length() > MOST_CHARACTERS) {
                throw new IOException("a command of more than " + MOST_CHARACTERS + " characters");
            }
        }
        return line.toString();
    }

    /** What the host on {@code directory} answers; empty when none runs there. */
    static Optional<Answer> ask(Path directory, String line) {
        Path file = in(directory);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
                BufferedReader reader =
                        new BufferedReader(
                                new InputStreamReader(
                                        Channels.newInputStream(channel), StandardCharsets.UTF_8));
                BufferedWriter writer =
                        new BufferedWriter(
                                new OutputStreamWriter(
                                        Channels.newOutputStream(channel),
                                        StandardCharsets.UTF_8))) {
            writer.write(line + "\n");
            writer.flush();
            String code = reader.readLine();
            StringBuilder text = new StringBuilder();
            for (String next = reader.readLine(); next != null; next = reader.readLine()) {
                text.append(next).append('\n');
            }
            return code == null
                    ? Optional.empty()
                    : Optional.of(new Answer(Integer.parseInt(code), text.toString()));
        } catch (IOException nobodyListens) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(file);
        } catch (IOException failed) {
            LoaderLog.get().log(Level.WARNING, file + " cannot be removed", failed);
        }
    }
}
