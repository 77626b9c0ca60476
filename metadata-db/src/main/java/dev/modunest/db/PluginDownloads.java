package dev.modunest.db;

/** How often a plugin, {@code namespace/name}, was downloaded in 30 days. */
public record PluginDownloads(String plugin, long downloads) {}
