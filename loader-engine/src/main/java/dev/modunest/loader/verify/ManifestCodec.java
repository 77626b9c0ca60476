package dev.modunest.loader.verify;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Dependency;
import dev.modunest.format.Manifest;
import dev.modunest.format.PluginId;
import dev.modunest.format.VersionRange;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Manifests in the form that {@link Inspections} keeps: fields in their order, modified UTF-8. */
final class ManifestCodec {

    private ManifestCodec() {}

    static void write(Manifest manifest, DataOutput out) throws IOException {
        out.writeUTF(manifest.coordinate().toString());
        write(manifest.entryPoint(), out);
        write(manifest.title(), out);
        write(manifest.description(), out);
        out.writeInt(manifest.requires().size());
        for (Dependency dependency : manifest.requires()) {
            out.writeUTF(dependency.plugin().toString());
            out.writeUTF(dependency.range().toString());
            out.writeBoolean(dependency.optional());
        }
        write(manifest.host().map(VersionRange::toString), out);
        write(manifest.exports(), out);
        write(manifest.permissions(), out);
        write(manifest.categories(), out);
        write(manifest.license(), out);
        write(manifest.homepage(), out);
    }

    private static void write(Optional<String> text, DataOutput out) throws IOException {
        out.writeBoolean(text.isPresent());
        if (text.isPresent()) {
            out.writeUTF(text.get());
        }
    }

    private static void write(List<String> texts, DataOutput out) throws IOException {
        out.writeInt(texts.size());
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    /**
     * Throws IllegalArgumentException, too, when a field is none.
     *
     * @param ranges reads ranges, most of which are written alike
     */
    static Manifest read(DataInput in, Function<String, VersionRange> ranges) throws IOException {
        Coordinate coordinate = Coordinate.parse(in.readUTF());
        Optional<String> entryPoint = text(in);
        return new Manifest(
                coordinate,
                entryPoint.isPresent() ? Manifest.Kind.PLUGIN : Manifest.Kind.LIBRARY,
                entryPoint,
                text(in),
                text(in),
                requires(in, ranges),
                text(in).map(ranges),
                texts(in),
                texts(in),
                texts(in),
                text(in),
                text(in));
    }

    private static List<Dependency> requires(DataInput in, Function<String, VersionRange> ranges)
            throws IOException {
        List<Dependency> requires = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            requires.add(
                    new Dependency(
                            PluginId.parse(in.readUTF()),
                            ranges.apply(in.readUTF()),
                            in.readBoolean()));
        }
        return requires;
    }

    private static Optional<String> text(DataInput in) throws IOException {
        return in.readBoolean() ? Optional.of(in.readUTF()) : Optional.empty();
    }

    private static List<String> texts(DataInput in) throws IOException {
        List<String> texts = new ArrayList<>();
        for (int i = in.readInt(); i > 0; i--) {
            texts.add(in.readUTF());
        }
        return texts;
    }
}
