package dev.modunest.db.trust;

import java.util.Optional;

/**
 * Up to where the files of freshness tell what the index says.
 *
 * @param serial the last change that they tell; empty: everything is to be looked at
 * @param filled while everything is looked at, the hash (hex) of the target of the last plugin that
 *     was; blank before the first
 */
public record RepositoryProgress(Optional<Long> serial, Optional<String> filled) {}
