<?php

// A command application: lists, helps, runs and fails.

use Symfony\Component\Console\{Application, Command\Command, Helper\ProgressBar, Helper\Table, Input\ArrayInput, Input\InputArgument, Input\InputInterface, Input\InputOption, Output\BufferedOutput, Output\OutputInterface, Style\SymfonyStyle};
use function Symfony\Component\String\u;

class Hello extends Command
{
    protected static $defaultName = 'app:hello';

    protected function configure(): void
    {
        $this->setDescription('Says hello')->setHelp('The <info>%command.name%</info> command')
            ->addArgument('name', InputArgument::OPTIONAL, 'Who', 'you')
            ->addOption('loud', 'l', InputOption::VALUE_NONE, 'Shout');
    }

    protected function execute(InputInterface $input, OutputInterface $output): int
    {
        $io = new SymfonyStyle($input, $output);
        $io->title(u('hello world')->title(true)->toString());
        $name = $input->getArgument('name');
        $io->success('Hello ' . ($input->getOption('loud') ? strtoupper($name) : $name));
        (new Table($output))->setHeaders(['a', 'é'])->setRows([[1, '日本'], ['<info>x</info>', 4]])->render();
        $bar = new ProgressBar($output, 3);
        $bar->setFormat('%current%/%max% [%bar%]');
        $bar->start();
        $bar->advance(2);
        $bar->finish();
        return 3;
    }
}

$application = new Application('demo', '1.0');
$application->add(new Hello());
$application->setAutoExit(false);
$calls = [['list'], ['help'], ['app:hello', 'name' => 'bob', '-l' => true], ['app:hell'], ['nope'], ['list', '--format' => 'json'], ['list', '--format' => 'xml'], ['help', 'command_name' => 'app:hello', '--format' => 'md'], ['completion', 'shell' => 'bash'], ['app:hello', '--unknown' => 1]];
foreach ($calls as $call) {
    $output = new BufferedOutput(BufferedOutput::VERBOSITY_NORMAL, true);
    try {
        echo $application->run(new ArrayInput(['command' => array_shift($call)] + $call), $output), "\n";
    } catch (Throwable $error) {
        echo get_class($error), ' ', $error->getMessage(), "\n";
    }
    echo $output->fetch(), "\n";
}
