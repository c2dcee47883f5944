/** Makes the container image from the packaged product, without a registry or a daemon. */
package dev.shiplog.image;
