/** What qr-code exports. */
@NullMarked
package dev.modunest.samples.qrcode.api;

import org.jspecify.annotations.NullMarked;
