/** Settings as records: read from a YAML file and the environment, every fault in one message. */
@NullMarked
package dev.modunest.settings;

import org.jspecify.annotations.NullMarked;
