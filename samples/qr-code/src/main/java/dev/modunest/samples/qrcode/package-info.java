/** The qr-code plugin: QR codes on ZXing, drawn without AWT. */
@NullMarked
package dev.modunest.samples.qrcode;

import org.jspecify.annotations.NullMarked;
