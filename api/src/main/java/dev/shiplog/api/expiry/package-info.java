/** What has its time and then goes by itself. */
package dev.shiplog.api.expiry;
