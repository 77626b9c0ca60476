package dev.modunest.format.tuf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Metadata as files of a folder: {@code root.json}, {@code timestamp.json}, and so on. */
public final class MetadataDirectory implements MetadataStore {

    private static final String TEMPORARY = ".new";

    private final Path folder;

    /** The folder must exist. */
    public MetadataDirectory(Path folder) {
        this.folder = folder;
    }

    @Override
    public Optional<byte[]> read(String role) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(file(role)));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    @Override
    public void write(String role, byte[] document) throws IOException {
        Path file = file(role);
        Path temporary = Files.createTempFile(folder, RolePath.of(role), TEMPORARY);
        try {
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(document);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
        syncFolder();
    }

    @Override
    public void remove(String role) throws IOException {
        if (Files.deleteIfExists(file(role))) {
            syncFolder();
        }
    }

    private Path file(String role) {
        return folder.resolve(RolePath.of(role));
    }

    private void syncFolder() throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
