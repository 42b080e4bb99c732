"""What happens without anybody: expiring, mailing, noting what came back, making anonymous."""
