package dev.modunest.loader;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.function.Consumer;

/**
 * The configuration of one plugin, as a record of its own: components are keys in snake_case, and
 * the record's constructor checks the values. Values come from {@code <namespace>/<name>.json} in
 * the host's configuration folder; environment variables win ({@code
 * docs/loader/configuration.md}). Thread-safe.
 */
public interface PluginConfigService {

    /** The value of a component that nobody configures, written as in an environment variable. */
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Default {
        String value();
    }

    /**
     * The configuration as it is now.
     *
     * @throws PluginConfigException naming every key that is missing, unknown or wrong
     */
    <T extends Record> T read(Class<T> type);

    /**
     * Has {@code listener} told each time the file changes the values, until the plugin stops or
     * the returned registration is closed. A change that is not valid is logged, and the former
     * values stay.
     *
     * @throws IllegalStateException when the plugin has 16 listeners already
     */
    <T extends Record> Registration onChange(Class<T> type, Consumer<? super T> listener);

    /** A listener that is told of changes. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }
}
