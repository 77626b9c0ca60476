/** Keys and signatures, by the JDK alone; strict where the JDK is lax. */
@NullMarked
package dev.modunest.format.sign;

import org.jspecify.annotations.NullMarked;
