/** The file that a backup is. */
package dev.shiplog.api.backup;
