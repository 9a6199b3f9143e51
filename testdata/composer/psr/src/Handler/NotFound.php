<?php

declare(strict_types=1);

namespace App\Handler;

final class NotFound extends \RuntimeException
{
}
