/** How the servers of the origin are found: by DNS, by Kubernetes, by their own announcement. */
@NullMarked
package dev.modunest.edge.discovery;

import org.jspecify.annotations.NullMarked;
