package dev.modunest.server.ceremony;

import com.fasterxml.jackson.core.JsonProcessingException;

import dev.modunest.format.StrictJson;
import dev.modunest.format.sign.Signer;
import dev.modunest.format.tuf.MetadataKey;
import dev.modunest.format.tuf.RoleKeys;
import dev.modunest.format.tuf.RootMetadata;
import dev.modunest.format.tuf.SignedDocument;
import dev.modunest.format.tuf.write.RootCeremony;
import dev.modunest.format.tuf.write.RootCeremony.Signatures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A root or targets document that is on its way from holder to holder until enough have signed it.
 *
 * @param before the root that is public; empty for the first root
 */
public record TufDraft(Path file, SignedDocument document, Optional<SignedDocument> before) {

    /** Reads a draft. Throws IllegalArgumentException. */
    public static TufDraft read(Path file, Optional<Path> publicRoot) {
        return new TufDraft(file, document(file), publicRoot.map(TufDraft::document));
    }

    static SignedDocument document(Path file) {
        try {
            return SignedDocument.parse(Files.readAllBytes(file));
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + " cannot be read: " + unreadable.getMessage());
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    file + " is no document of TUF: " + malformed.getMessage(), malformed);
        }
    }

    public String role() {
        return document.signed().path("_type").asText();
    }

    public long version() {
        return document.signed().path("version").asLong();
    }

    /** What holders compare before they sign: the content, and the SHA-256 of its form. */
    public String text() {
        try {
            return StrictJson.JSON
                            .writerWithDefaultPrettyPrinter()
                            .writeValueAsString(document.signed())
                    + "\n"
                    + document.digest();
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree is always written", impossible);
        }
    }

    /** The sets of keys of which enough must sign, and how many have. */
    public List<Signatures> signatures() {
        if (role().equals(RootMetadata.ROLE)) {
            return RootCeremony.signatures(before, document);
        }
        RoleKeys keys = root().targets();
        return List.of(
                new Signatures(
                        "targets keys of the root",
                        keys.countSignatures(document),
                        keys.threshold()));
    }

    private RootMetadata root() {
        return before.map(RootMetadata::of)
                .orElseThrow(
                        () ->
                                new IllegalArgumentException(
                                        "targets are signed by keys of a root; name the root that is public"));
    }

    /**
     * Adds the signature of one holder and writes the draft.
     *
     * @throws IllegalArgumentException when the key is not one of those that must sign
     */
    public TufDraft sign(Signer holder) {
        MetadataKey key = MetadataKey.of(holder.key());
        if (!expected().contains(key)) {
            throw new IllegalArgumentException(
                    "key " + key + " is none of those that sign " + role() + " " + version());
        }
        TufDraft signed = new TufDraft(file, document.signedBy(holder), before);
        signed.write();
        return signed;
    }

    private List<MetadataKey> expected() {
        if (!role().equals(RootMetadata.ROLE)) {
            return root().targets().keys();
        }
        List<MetadataKey> keys = new ArrayList<>(RootMetadata.of(document).root().keys());
        before.ifPresent(root -> keys.addAll(RootMetadata.of(root).root().keys()));
        return keys;
    }

    /** Writes the draft whole, in place of what was there. */
    void write() {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(next, document.bytes());
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new IllegalArgumentException(file + " cannot be written: " + failed, failed);
        }
    }
}
