<?php

namespace App\Command;

use App\Application;
use Symfony\Component\Console\Command\Command;
use Symfony\Component\Console\Helper\Table;
use Symfony\Component\Console\Input\InputInterface;
use Symfony\Component\Console\Output\OutputInterface;

final class RoutesCommand extends Command
{
    protected static $defaultName = 'routes';

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $table = new Table($output);
        $table->setHeaders(['name', 'path']);
        foreach ((new Application())->routes() as $name => $route) {
            $table->addRow([$name, $route->getPath()]);
        }
        $table->render();
        return Command::SUCCESS;
    }
}
