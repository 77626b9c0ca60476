/** What stands beside the modules: rules, dashboards, runbooks, images. */
@NullMarked
package dev.modunest.standalone.operations;

import org.jspecify.annotations.NullMarked;
