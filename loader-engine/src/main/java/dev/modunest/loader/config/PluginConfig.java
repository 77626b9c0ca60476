package dev.modunest.loader.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import dev.modunest.format.PluginId;
import dev.modunest.loader.PluginConfigException;
import dev.modunest.loader.PluginConfigService;
import dev.modunest.loader.log.LoaderLog;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The configuration of one plugin, from its start to its stop. */
public final class PluginConfig implements PluginConfigService, AutoCloseable {

    static final int MOST_LISTENERS = 16;

    private static final long MAX_BYTES = 1 << 20;

    private final PluginId plugin;
    private final Optional<Path> file;
    private final Map<String, String> variables;
    private final ConfigFolder folder;
    private final List<Listener<?>> listeners = new CopyOnWriteArrayList<>();

    PluginConfig(
            PluginId plugin,
            Optional<Path> file,
            Map<String, String> variables,
            ConfigFolder folder) {
        this.plugin = plugin;
        this.file = file;
        this.variables = variables;
        this.folder = folder;
    }

    @Override
    public <T extends Record> T read(Class<T> type) {
        String place = file.map(path -> path.getFileName().toString()).orElse("its configuration");
        RecordBinder binder = new RecordBinder(place, variables);
        T bound = binder.bind(type, document(), "", prefix(plugin));
        if (bound == null) {
            throw new PluginConfigException(
                    "the configuration of " + plugin + " cannot be used", binder.faults());
        }
        return bound;
    }

    private JsonNode document() {
        if (file.isEmpty() || !Files.exists(file.get())) {
            return Json.MAPPER.createObjectNode();
        }
        Path path = file.get();
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw unreadable(path + " has more than " + MAX_BYTES + " bytes");
            }
            return Json.MAPPER.readTree(path.toFile());
        } catch (JsonProcessingException wrong) {
            throw unreadable(path + " is not JSON: " + wrong.getOriginalMessage());
        } catch (IOException wrong) {
            throw unreadable(path + " cannot be read: " + wrong);
        }
    }

    private PluginConfigException unreadable(String fault) {
        return new PluginConfigException(
                "the configuration of " + plugin + " cannot be used", List.of(fault));
    }

    /** {@code MODUNEST_PLUGIN__ACME__HTML_CLEAN} of {@code acme/html-clean}. */
    static String prefix(PluginId plugin) {
        return "MODUNEST_PLUGIN__" + part(plugin.namespace()) + "__" + part(plugin.name());
    }

    private static String part(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    }

    @Override
    public <T extends Record> Registration onChange(Class<T> type, Consumer<? super T> listener) {
        Listener<T> added = new Listener<>(type, listener, read(type));
        synchronized (listeners) {
            if (listeners.size() >= MOST_LISTENERS) {
                throw new IllegalStateException(
                        plugin + " has " + MOST_LISTENERS + " listeners already");
            }
            listeners.add(added);
        }
        folder.watch(this);
        return () -> listeners.remove(added);
    }

    /** Told that something in the folder changed. */
    void changed() {
        for (Listener<?> listener : listeners) {
            listener.look(this);
        }
    }

    Optional<Path> file() {
        return file;
    }

    @Override
    public void close() {
        folder.forget(this);
        listeners.clear();
    }

    /** Loaded when a file is read for the first time. */
    private static final class Json {
        private static final JsonMapper MAPPER =
                JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    }

    /** A listener with the values that it knows. Used by the watching thread alone. */
    private static final class Listener<T extends Record> {

        private final Class<T> type;
        private final Consumer<? super T> told;
        private T known;

        Listener(Class<T> type, Consumer<? super T> told, T known) {
            this.type = type;
            this.told = told;
            this.known = known;
        }

        void look(PluginConfig config) {
            try {
                T now = config.read(type);
                if (!now.equals(known)) {
                    known = now;
                    told.accept(now);
                }
            } catch (PluginConfigException invalid) {
                LoaderLog.get()
                        .log(Level.WARNING, "the former values stay: {0}", invalid.getMessage());
            } catch (RuntimeException thrown) {
                LoaderLog.get()
                        .log(Level.WARNING, "a listener of " + config.plugin + " threw", thrown);
            }
        }
    }
}
